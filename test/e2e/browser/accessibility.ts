import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** WCAG 2.2, levels A and AA, and axe's own good practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Of what is in order, one element for each rule is enough. */
const OPTIONS: axe.RunOptions = { runOnly: RULES, resultTypes: ['violations', 'incomplete'] };

/**
 * What the ground of our pages is a gradient of: text on it is measured against each end, as axe does not measure between
 * them. Swagger UI has none of these, so it is measured once.
 */
const GROUNDS = ['--ground', '--glow-a', '--glow-b'];

/** What axe finds wrong with the page as it stands, in the light and in the dark: contrast, names, roles, order. */
export async function barriers(page: Page): Promise<string[]> {
  const found = new Set<string>();
  await page.evaluate(axe.source);
  const defined = (await page.evaluate(
    `${JSON.stringify(GROUNDS)}.filter((name) => getComputedStyle(document.body).getPropertyValue(name) !== '')`,
  )) as string[];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const ground of defined.length > 0 ? defined : ['']) {
      if (ground !== '')
        await page.evaluate(`document.body.style.setProperty('background', 'var(${ground})', 'important')`);
      const results = (await page.evaluate(`axe.run(${JSON.stringify(OPTIONS)})`)) as axe.AxeResults;
      if (!results.passes.some(({ id }) => id === 'color-contrast')) found.add('no contrast was computed');
      for (const { id, nodes } of [...results.violations, ...results.incomplete])
        for (const node of nodes)
          found.add(`${colorScheme}, on ${ground}: ${id}: ${node.html}: ${node.failureSummary}`);
    }
    await page.evaluate(`document.body.style.removeProperty('background')`);
  }
  return [...found];
}
