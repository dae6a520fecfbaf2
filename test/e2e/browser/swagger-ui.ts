import type { Page } from 'playwright-core';

interface Credentials {
  clientId: string;
  secret: string;
}

/** Authorize → Execute, by clicking. @returns the status that Swagger UI shows */
export async function revokeInSwaggerUi(page: Page, url: string, { clientId, secret }: Credentials): Promise<string> {
  await page.goto(`${url}/docs`);
  await page.locator('button.authorize').first().click();
  const oauth = page.locator('.auth-container', { hasText: 'Token URL' });
  await oauth.getByLabel('client_id:').fill(clientId);
  await oauth.getByLabel('client_secret:').fill(secret);
  await oauth.getByRole('button', { name: 'Authorize' }).click();
  await oauth.getByText('Logout').waitFor(); // authorized
  return execute(page);
}

/** The same with Basic and credentials that are refused. */
export async function refusedInSwaggerUi(page: Page, url: string, { clientId, secret }: Credentials): Promise<string> {
  await page.goto(`${url}/docs`);
  await page.locator('button.authorize').first().click();
  const basic = page.locator('.auth-container', { hasText: 'http, Basic' });
  await basic.locator('input').nth(0).fill(clientId);
  await basic.locator('input').nth(1).fill(secret);
  await basic.locator('button.authorize').click();
  return execute(page);
}

async function execute(page: Page): Promise<string> {
  await page.locator('.modal-ux .close-modal').click();
  await page.locator('button.execute').click();
  const status = page.locator('.live-responses-table .response td.response-col_status').first();
  return (await status.innerText()).trim().slice(0, 3);
}
