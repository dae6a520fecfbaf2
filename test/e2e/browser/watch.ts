import type { BrowserContext, Page } from 'playwright-core';

/** Everything a page complains about. */
export interface Complaints {
  page: Page;
  list: string[];
}

/** Opens a page and notes console errors, exceptions, failed requests, answers that are errors, and CSP violations. */
export async function openWatched(context: BrowserContext): Promise<Complaints> {
  const page = await context.newPage();
  const list: string[] = [];
  await page.exposeFunction('reportViolation', (text: string) => void list.push(`CSP: ${text}`));
  await page.addInitScript(() => {
    const scope = globalThis as unknown as {
      addEventListener(
        type: string,
        listener: (event: { violatedDirective: string; blockedURI: string }) => void,
      ): void;
      reportViolation(text: string): void;
    };
    scope.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      scope.reportViolation(`${violatedDirective} ${blockedURI}`),
    );
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) list.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => void list.push(`exception: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 400) list.push(`${response.status()} ${response.url()}`);
  });
  page.on('requestfailed', (request) => {
    // A question of the script that was under way when the person left the page.
    const isLeaving = request.resourceType() === 'fetch' && request.failure()?.errorText === 'net::ERR_ABORTED';
    if (!isLeaving) list.push(`failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  return { page, list };
}
