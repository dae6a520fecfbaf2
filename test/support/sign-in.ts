import type { Browser, Page } from './browser.js';
import { formTo } from './browser.js';

type Credentials = Record<'uid' | 'password', string>;

/** Types name and password on the login page. */
export const typePassword = (browser: Browser, page: Page, { uid, password }: Credentials): Promise<Page> =>
  browser.submit(page, formTo(page, '/login'), { identifier: uid, password });

/** Presses "Allow" on the consent page. */
export const allow = (browser: Browser, page: Page): Promise<Page> => browser.submit(page, formTo(page, '/consent'));

/**
 * Walks from wherever a request led to its end: signs in and allows when asked.
 *
 * @returns the last page, or where the browser was sent back to the application
 */
export async function walkThrough(browser: Browser, start: Page, person: Credentials): Promise<Page> {
  let page = start;
  for (let steps = 0; steps < 6; steps += 1) {
    if (formTo(page, '/login')) page = await typePassword(browser, page, person);
    else if (formTo(page, '/consent')) page = await allow(browser, page);
    else return page;
  }
  throw new Error(`no end in sight: ${page.url}\n${page.text}`);
}
