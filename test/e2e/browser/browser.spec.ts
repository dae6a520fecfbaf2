import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoPeople } from '../../../src/reference-op/demo-data.js';
import { databases } from '../../support/databases.js';
import { alice, demoOperator } from '../../support/people.js';
import { startForTest, serverFixture } from '../../support/server.js';
import { isInstalled } from '../../support/tools.js';
import { barriers } from './accessibility.js';
import { startChromium } from './chromium.js';
import { picture, writePictures } from './pictures.js';
import { ALIVE, ENDED, revokeElsewhere, signInByKeyboard, signInByMouse, standings, timeToTurn } from './steps.js';
import { refusedInSwaggerUi, revokeInSwaggerUi } from './swagger-ui.js';
import { desktop, phone } from './viewports.js';
import { openWatched } from './watch.js';

describe.runIf(isInstalled('chromium'))('/demo in Chromium', () => {
  const server = serverFixture(databases[0]!);
  let chromium: Browser;

  beforeAll(async () => {
    chromium = await startChromium();
  });
  afterAll(async () => {
    await chromium?.close();
    await writePictures();
  });

  /** A browser of its own on /demo; whatever its pages complain about fails the test. */
  async function visit(options: BrowserContextOptions, story: (page: Page) => Promise<void>): Promise<void> {
    const context = await chromium.newContext({ ...options, locale: 'en-GB' });
    try {
      const { page, list } = await openWatched(context);
      await page.goto(`${server.url}/demo`);
      await story(page);
      expect(list).toEqual([]);
    } finally {
      await context.close();
    }
  }

  test('an API that takes JWTs rejects the token within the ttl, on any screen', async () => {
    const withApi = await startForTest(databases[0]!, { env: { GTR_STATUS_LIST_TTL_SECONDS: '3' } });
    const context = await chromium.newContext({ ...desktop, locale: 'en-GB' });
    try {
      const { page, list } = await openWatched(context);
      await page.goto(`${withApi.url}/demo`);
      await signInByMouse(page, alice);
      const api = page.locator('[data-jwt]');
      const standing = (): Promise<string | null> => api.getAttribute('data-standing');
      await expect.poll(standing, { timeout: 30_000 }).toBe('alive');
      expect(await api.innerText()).toContain('within 4 seconds');
      await revokeElsewhere(withApi, alice);
      await expect.poll(standing, { timeout: 30_000 }).toBe('ended');
      expect(await api.innerText()).toContain('401 invalid_token');
      await page.getByRole('heading', { name: 'Everything has ended.' }).waitFor();
      expect(await standings(page)).toEqual(ENDED);
      await picture(page, withApi, 'demo-revoked');
      for (const width of [320, 375, 820, 1440]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      }
      expect(list).toEqual([]);
      expect(await barriers(page)).toEqual([]);
    } finally {
      await context.close();
    }
  });

  test('a keyboard sign-in shows everything alive, and a revocation elsewhere turns the page within a second', () =>
    visit(desktop, async (page) => {
      await signInByKeyboard(page, alice);
      expect(await standings(page)).toEqual(ALIVE);
      expect(await page.getByRole('heading', { name: alice.name }).count()).toBe(1);
      await picture(page, server, 'demo-alive');

      const milliseconds = await timeToTurn(page, () => revokeElsewhere(server, alice));
      console.log(`/demo turned ${milliseconds} ms after the 204`);
      expect(milliseconds).toBeLessThan(1000);
      expect(await standings(page)).toEqual(ENDED);
      expect(await page.getByRole('status').first().textContent()).toContain('of Alice Liddell have ended');
      await signInByKeyboard(page, alice);
      expect(await standings(page)).toEqual(ALIVE);
    }));

  test('a revocation in Swagger UI gives 204 and turns /demo', () =>
    visit(desktop, async (page) => {
      await signInByMouse(page, alice);
      const { page: docs, list } = await openWatched(page.context());
      expect(await revokeInSwaggerUi(docs, server.url, demoOperator)).toBe('204');
      expect(list).toEqual([]);
      await page.getByRole('heading', { name: 'Ended at the provider.' }).waitFor();
      expect(await standings(page)).toEqual(ENDED);
      await page.getByRole('link', { name: 'Sign in again' }).click();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    }));

  test('Swagger UI fits the width of a phone, with the operation open', () =>
    visit({ ...phone, viewport: { width: 320, height: 700 } }, async (page) => {
      await page.goto(`${server.url}/docs`);
      await page.getByRole('button', { name: 'Execute' }).waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
      expect(await page.locator('[data-param-name]').count()).toBe(0);
      await page.locator('button.authorize').first().click();
      expect(await page.locator('.auth-container h4').allInnerTexts()).toHaveLength(3);
      expect(await page.locator('.modal-ux').innerText()).not.toMatch(/dpop|unsupported/i);
      expect(await page.getByRole('checkbox').isChecked()).toBe(true);
      expect(await page.locator('.scopes .item').isVisible()).toBe(false); // a second checkbox
      expect(await page.locator('.dialog-ux input:focus').getAttribute('id')).toBe('auth-basic-username');
    }));

  test('Swagger UI opens the revocation, and lists the operations of Shared Signals below it', async () => {
    const withSignals = await startForTest(databases[0]!, { env: { GTR_SHARED_SIGNALS: 'on' } });
    const context = await chromium.newContext(desktop);
    const { page, list } = await openWatched(context);
    await page.goto(`${withSignals.url}/docs`);
    await page.getByRole('button', { name: 'Execute' }).waitFor();
    expect(await page.locator('.opblock.is-open').innerText()).toContain('/global-token-revocation');
    expect(await page.locator('.opblock', { hasText: '/ssf/streams' }).count()).toBeGreaterThan(0);
    expect(await barriers(page)).toEqual([]);
    expect(list).toEqual([]);
    await context.close();
  });

  test('Swagger UI shows a wrong secret without a browser dialog', () =>
    visit(desktop, async (page) => {
      const docs = await page.context().newPage();
      docs.on('dialog', () => expect.unreachable('a dialog'));
      expect(await refusedInSwaggerUi(docs, server.url, { ...demoOperator, secret: 'wrong' })).toBe('401');
    }));

  test('the button revokes on a phone in dark mode, and the focus moves to the headline', () =>
    visit(phone, async (page) => {
      await signInByMouse(page, alice);
      expect(await standings(page)).toEqual(ALIVE);
      await page.getByRole('button', { name: 'Revoke everything for Alice Liddell' }).click();
      await page.getByRole('heading', { name: 'Ended at the provider.' }).waitFor();
      expect(await page.getByText('204 No Content').count()).toBe(1);
      expect(await page.locator('h1:focus').count()).toBe(1);
      await picture(page, server, 'demo-phone-dark');

      await page.getByRole('link', { name: 'Sign in again' }).click();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    }));

  test('tokens work after signing out and end after a revocation', () =>
    visit(desktop, async (page) => {
      await signInByMouse(page, alice);
      await page.getByRole('link', { name: 'Sign out' }).click();
      await page.getByRole('button', { name: /^Sign out everywhere/ }).click();
      await page.getByRole('heading', { name: 'The tokens still work.' }).waitFor();
      expect(await standings(page)).toEqual([ENDED[0], ALIVE[1], ALIVE[2]]);

      await revokeElsewhere(server, alice);
      await page.getByRole('heading', { name: 'Ended at the provider.' }).waitFor();
      expect(await standings(page)).toEqual(ENDED);
    }));

  test('without JavaScript the page reloads and shows a revocation from elsewhere', () =>
    visit({ ...desktop, javaScriptEnabled: false }, async (page) => {
      await signInByMouse(page, alice);
      expect(await standings(page)).toEqual(ALIVE);
      expect(await timeToTurn(page, () => revokeElsewhere(server, alice))).toBeLessThan(4000);
      expect(await standings(page)).toEqual(ENDED);

      await page.getByRole('link', { name: 'Sign in again' }).click();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    }));

  test('without JavaScript the button revokes and the page shows it', () =>
    visit({ ...desktop, javaScriptEnabled: false }, async (page) => {
      await signInByMouse(page, alice);
      await page.getByRole('link', { name: 'Stop reloading' }).click();
      await page.getByRole('button', { name: 'Revoke everything for Alice Liddell' }).click();
      expect(await standings(page)).toEqual(ENDED);
    }));

  test.each(demoPeople)('the button of $name signs in with name and password filled in', (person) =>
    visit(phone, async (page) => {
      await page.getByRole('link', { name: `Sign in as ${person.name}` }).click();
      await page.getByText(`You are signed in as ${person.name}.`).waitFor();
      await page.getByRole('button', { name: 'Allow' }).click();
      await page.getByRole('heading', { name: 'Everything is alive.' }).waitFor();
      expect(await page.getByRole('heading', { name: person.name }).count()).toBe(1);
      await expect.poll(() => page.locator('.asked').innerText()).toMatch(/^\s*Last checked\s\d\d:\d\d:\d\d$/);
    }),
  );

  test('without JavaScript the button of a user opens the sign-in page with the name filled in', () =>
    visit({ ...desktop, javaScriptEnabled: false }, async (page) => {
      await page.getByRole('link', { name: 'Sign in as Bob Cratchit' }).click();
      expect(await page.getByLabel('Username').inputValue()).toBe('bob');
    }));

  test('a phone of 320 pixels shows the whole curl command', () =>
    visit({ ...phone, viewport: { width: 320, height: 700 } }, async (page) => {
      await signInByMouse(page, alice);
      const hidden = await page.evaluate(
        "(() => { const pre = document.querySelector('.terminal pre'); return pre.scrollWidth - pre.clientWidth; })()",
      );
      expect(hidden).toBe(0);
    }));

  test('the footer links to Swagger UI, the documentation and the run log', () =>
    visit(desktop, async (page) => {
      const links = page.getByRole('navigation', { name: 'More' }).getByRole('link');
      expect(await links.allInnerTexts()).toEqual([
        'Demo',
        'Swagger UI',
        'OpenAPI document',
        'Documentation',
        'Run log',
      ]);
    }));

  test('nothing overflows sideways from 320 to 1440 pixels', () =>
    visit(desktop, async (page) => {
      await signInByMouse(page, alice);
      for (const width of [320, 390, 600, 820, 1024, 1440]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      }
    }));

  test('selecting or copying the curl line copies the whole command', () =>
    visit(desktop, async (page) => {
      await signInByMouse(page, alice);
      await page.locator('#curl').click();
      const selected = await page.evaluate('String(getSelection())');
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.getByRole('button', { name: 'Copy' }).click();
      await page.getByRole('button', { name: 'Copied' }).waitFor();
      const copied = await page.evaluate('navigator.clipboard.readText()');
      expect(copied).toBe(selected);
      expect(copied).toMatch(/^curl -i -u demo-operator:demo-operator-[0-9a-f]{64} \\\n {2}-H /);
      expect(copied).toContain(`-d '{"sub_id":{"format":"uid","id":"alice"}}' \\\n  ${server.endpoint}`);
    }));
});
