import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases } from '../../support/databases.js';
import { alice } from '../../support/people.js';
import { serverFixture } from '../../support/server.js';
import { isInstalled } from '../../support/tools.js';
import { barriers } from './accessibility.js';
import { startChromium } from './chromium.js';
import { revokeElsewhere } from './steps.js';
import { desktop, phone } from './viewports.js';

/** No test here takes a picture, so few pixels are drawn, and nothing is animated. */
const plain = { deviceScaleFactor: 1, reducedMotion: 'reduce' } as const;
const views: Array<[string, BrowserContextOptions]> = [
  ['desktop', { ...desktop, ...plain }],
  ['phone', { ...phone, ...plain }],
];

describe.runIf(isInstalled('chromium'))('accessibility of every page', { timeout: 180_000 }, () => {
  const server = serverFixture(databases[0]!);
  let chromium: Browser;

  beforeAll(async () => {
    chromium = await startChromium();
  });
  afterAll(() => chromium?.close());

  // On a busy machine, a page once did not turn in time. A barrier would be found at each try.
  const patient = { retry: 2 };
  test.each(views)('axe finds no barrier on a %s in light and dark mode', patient, async (_, options) => {
    const page = await (await chromium.newContext(options)).newPage();
    const found: Record<string, string[]> = {};
    const look = async (heading: string | RegExp): Promise<void> => {
      const there = page.getByRole('heading', { level: 1, name: heading });
      await there.waitFor().catch(async (cause: unknown) => {
        throw new Error(`${page.url()} says: ${await page.locator('main').innerText()}`, { cause });
      });
      found[await page.title()] = await barriers(page);
    };

    await page.goto(`${server.url}/demo`);
    await look('One request ends everything.');
    await page.getByRole('link', { name: 'Sign in', exact: true }).click();
    await look('Sign in');
    await page.getByLabel('Username').fill(alice.uid);
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await look('Sign in');
    await page.getByLabel('Password').fill(alice.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await look('Allow access?');
    await page.getByRole('button', { name: 'Allow' }).click();
    await look('Everything is alive.');
    await page.getByRole('link', { name: 'Sign out' }).click();
    await look(/./);
    await page.getByRole('button', { name: /^Sign out everywhere/ }).click();
    await look('The tokens still work.');
    await revokeElsewhere(server, alice);
    await look('Ended at the provider.');
    await page.goto(`${server.url}/device`);
    await look('Connect a device');
    await page.context().close();

    expect(Object.values(found).flat()).toEqual([]);
    expect(Object.keys(found)).toHaveLength(9);
  });

  test.each(views)('axe finds no barrier in Swagger UI, its dialog and an answer on a %s', async (_, options) => {
    const page = await (await chromium.newContext(options)).newPage();
    await page.goto(`${server.url}/docs`);
    await page.getByRole('button', { name: 'Execute' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.locator('button.authorize').first().click();
    await page.getByRole('heading', { name: 'Available authorizations' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Close' }).first().click();
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.locator('.live-responses-table').waitFor();
    expect(await barriers(page)).toEqual([]);

    await page.context().close();
  });
});
