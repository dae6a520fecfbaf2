import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases } from '../../support/databases.js';
import { alice, bob } from '../../support/people.js';
import { serverFixture } from '../../support/server.js';
import { isInstalled } from '../../support/tools.js';
import { barriers } from './accessibility.js';
import { startChromium } from './chromium.js';
import { revokeElsewhere, signInByMouse } from './steps.js';
import { desktop } from './viewports.js';
import { openWatched } from './watch.js';

describe.runIf(isInstalled('chromium'))('/demo/shop in Chromium', () => {
  const server = serverFixture(databases[0]!, { env: { GTR_BACKCHANNEL_LOGOUT: 'on' } });
  let chromium: Browser;

  beforeAll(async () => {
    chromium = await startChromium();
  });
  afterAll(() => chromium?.close());

  test('the page changes when the shop is told by back-channel logout, without asking', async () => {
    const context = await chromium.newContext({ ...desktop, locale: 'en-GB', reducedMotion: 'reduce' });
    const { page: demo, list } = await openWatched(context);
    await demo.goto(`${server.url}/demo`);
    await signInByMouse(demo, alice);
    const opened = context.waitForEvent('page');
    await demo.getByRole('link', { name: 'Open a second app' }).click();
    const shop = await opened;
    await shop.getByRole('link', { name: 'Sign in to the shop' }).click();
    await shop.getByRole('button', { name: 'Allow' }).click();
    await shop.getByRole('heading', { name: 'Signed in to the shop.' }).waitFor();
    await shop.locator('[data-shop][data-standing=alive]').waitFor();
    await demo.close();

    const asked: string[] = [];
    shop.on('request', (request) => void asked.push(new URL(request.url()).pathname));
    await revokeElsewhere(server, bob);
    await revokeElsewhere(server, alice);
    await shop.getByRole('heading', { name: 'Signed out of the shop.' }).waitFor();
    expect(asked).toEqual(['/demo/shop']);
    expect(await shop.locator('[data-shop]').innerText()).toContain('The logout token named the person.');
    for (const width of [360, 1280]) {
      await shop.setViewportSize({ width, height: 800 });
      expect(await shop.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
    expect([list, await barriers(shop)]).toEqual([[], []]);
    await context.close();
  });
});
