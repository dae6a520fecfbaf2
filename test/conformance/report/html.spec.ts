import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { htmlReport } from '../../../src/conformance/report/html.js';
import type { Outcome } from '../../../src/conformance/run.js';
import { startChromium } from '../../e2e/browser/chromium.js';
import { isInstalled } from '../../support/tools.js';
import { count, sample } from './sample.js';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const DRAFT = 'https://datatracker.ietf.org/doc/html/draft-parecki-oauth-global-token-revocation-06';
const OKTA = 'https://developer.okta.com/docs/guides/oin-universal-logout-overview/';

describe('HTML report', () => {
  test('contains no scripts and loads nothing', () => {
    expect(htmlReport(sample)).not.toMatch(/<script|<link|@import|url\(|src=/);
  });

  test('escapes text of the server', () => {
    const html = htmlReport(sample);
    expect(html).toContain('<dd>Example &lt;OP&gt; 1.2 &amp; more</dd>');
    expect(html).not.toContain('<h1>"Oops"');
  });

  test.each([
    ['draft-06 §3.4.2 (a)', `${DRAFT}#section-3.4.2`],
    ['draft-06 §A.3', `${DRAFT}#appendix-A.3`],
    ['RFC 9493 §3.2.3 (b)', 'https://www.rfc-editor.org/rfc/rfc9493#section-3.2.3'],
    ['RFC 6750 §3', 'https://www.rfc-editor.org/rfc/rfc6750#section-3'],
    ['Okta §Endpoint authentication', `${OKTA}#endpoint-authentication`],
  ])('%s links to the section', (id, url) => {
    expect(htmlReport(sample)).toContain(`<a href="${url}">${id}</a>`);
  });

  test('says that nothing failed and disables the filter for failures', () => {
    const results = sample.results.filter(({ outcome }) => outcome !== 'failed');
    const html = htmlReport({ ...sample, results });
    expect(html).toContain('<p class="verdict passed">No requirement failed</p>');
    expect(html).toContain('id="show-failed" disabled>');
  });
});

describe.runIf(isInstalled('chromium'))('HTML report in a browser without scripts', () => {
  let chromium: Browser;
  let page: Page;
  beforeAll(async () => {
    chromium = await startChromium();
    page = await (await chromium.newContext({ javaScriptEnabled: false })).newPage();
    await page.setContent(htmlReport(sample));
  });
  afterAll(() => chromium?.close());

  test('shows server, suite and date', async () => {
    const facts = (await page.locator('dl').innerText()).split('\n');
    expect(facts).toEqual([
      ...['Issuer', 'https://op.example.com/tenant', 'Server', 'Example <OP> 1.2 & more'],
      ...['Suite', 'global-token-revocation-conformance 0.1.0', 'Date', '2026-10-17 12:34 UTC'],
    ]);
    expect(await page.locator('.verdict').innerText()).toBe(`${count('failed')} requirements failed`);
  });

  test('each filter shows only its requirements and hides empty groups', async () => {
    const visible = page.locator('li:visible');
    const emptyGroups = page.locator('section:visible').filter({ hasNot: visible });
    for (const outcome of ['failed', 'warning', 'passed', 'not tested'] satisfies Outcome[]) {
      await page.getByRole('radio', { name: `${count(outcome)} ${outcome}` }).check();
      expect([outcome, await visible.count()]).toEqual([outcome, count(outcome)]);
      expect(await visible.getByLabel(outcome, { exact: true }).count()).toBe(count(outcome));
      expect(await emptyGroups.count()).toBe(0);
    }
    await page.getByRole('radio', { name: `${sample.results.length} all` }).check();
    expect(await visible.count()).toBe(sample.results.length);
  });

  test.each([320, 375, 1280])('cuts off nothing at a width of %i px', async (width) => {
    await page.setViewportSize({ width, height: 800 });
    const right = await page.evaluate(
      `Math.max(...[...document.querySelectorAll('main *')].map((each) => each.getBoundingClientRect().right))`,
    );
    expect(right).toBeLessThanOrEqual(width);
  });

  test('axe finds no barrier in light and dark mode', async () => {
    const scripted = await chromium.newPage();
    await scripted.setContent(htmlReport({ ...sample, results: sample.results.slice(0, 10) }));
    await scripted.evaluate(axe.source);
    for (const colorScheme of ['light', 'dark'] as const) {
      await scripted.emulateMedia({ colorScheme });
      const run = scripted.evaluate(`axe.run({ runOnly: ${JSON.stringify(RULES)} })`);
      const { violations, passes } = (await run) as axe.AxeResults;
      expect(violations.map(({ id, nodes }) => [colorScheme, id, nodes[0]?.html])).toEqual([]);
      expect(passes.map(({ id }) => id)).toContain('color-contrast');
    }
  });
});
