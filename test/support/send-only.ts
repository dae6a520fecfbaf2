import { type Browser, formTo, type Page } from './browser.js';
import type { Person } from './people.js';

/** What a person types on the login page. */
export const typed = ({ uid, password }: Pick<Person, 'uid' | 'password'>): Record<string, string> => ({
  identifier: uid,
  password,
});

/**
 * Sends a form and stops before the redirect it leads to.
 *
 * @param ending of the form's action; a page without such a form is asked as if it had one
 */
export async function sendOnly(
  browser: Browser,
  page: Page,
  ending: '/login' | '/consent',
  values: Record<string, string> = {},
): Promise<URL> {
  const action = formTo(page, ending)?.action ?? `${page.url.pathname}${ending}`;
  const answer = await browser.send(new URL(action, page.url), { method: 'POST', body: new URLSearchParams(values) });
  if (answer.status !== 303) throw new Error(`no redirect: ${answer.status} ${await answer.text()}`);
  return new URL(answer.headers.get('location')!, page.url);
}
