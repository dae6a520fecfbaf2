import type { Page } from 'playwright-core';
import { revokePerson } from '../../support/operator.js';
import type { Person } from '../../support/people.js';
import type { TestServer } from '../../support/server.js';

/** Signs in at /demo by keyboard alone, on the provider's own pages. */
export async function signInByKeyboard(page: Page, { uid, password }: Person): Promise<void> {
  await page.getByRole('link', { name: /^Sign in( again)?$/ }).focus();
  await page.keyboard.press('Enter');
  await page.locator('#identifier:focus').waitFor();
  await page.keyboard.type(uid);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Allow access?' }).waitFor();
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Allow' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Everything is alive.' }).waitFor();
}

/** The same with the mouse, from the login page on. */
export async function signInByMouse(page: Page, { uid, password }: Person): Promise<void> {
  await page.getByRole('link', { name: /^Sign in( again)?$/ }).click();
  await page.getByLabel('Username').fill(uid);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByRole('heading', { name: 'Everything is alive.' }).waitFor();
}

/** What the page says about each credential: its name, then the word beside it. */
export const standings = (page: Page): Promise<string[]> => page.locator('[data-credential] h3').allInnerTexts();

export const ALIVE = ['Session\nAlive', 'Access token\nAlive', 'Refresh token\nAlive'];
export const ENDED = ['Session\nEnded', 'Access token\nEnded', 'Refresh token\nEnded'];

/** Somebody else revokes, as by curl; resolves once the endpoint has answered 204. */
export const revokeElsewhere = (server: TestServer, person: Person): Promise<void> => revokePerson(server, person);

/** Resolves with how long the page took, in milliseconds, to say that all has ended at the provider. */
export async function timeToTurn(page: Page, revoke: () => Promise<void>): Promise<number> {
  await revoke();
  const answered = performance.now();
  await page.getByRole('heading', { name: 'Ended at the provider.' }).waitFor({ timeout: 10_000 });
  return Math.round(performance.now() - answered);
}
