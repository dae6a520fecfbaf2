import type { ServerResponse } from 'node:http';
import { style } from './pages/style.js';

/**
 * Returns the headers of our pages, which allow only their own style.
 *
 * @param formTargets where a form on the page may lead; browsers also apply this list to redirects after a form
 * @see Content Security Policy Level 3 §6.4.2
 */
const headers = (formTargets: readonly string[]): Record<string, string> => ({
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': [
    `default-src 'none'`,
    `style-src ${style.source}`,
    `form-action 'self' ${formTargets.flatMap(formTarget).join(' ')}`.trim(),
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; '),
});

/** Returns the origin of a web URL, or the scheme of any other URL. */
function formTarget(uri: unknown): string[] {
  if (typeof uri !== 'string' || !URL.canParse(uri)) return [];
  const { origin, protocol } = new URL(uri);
  return [origin === 'null' ? protocol : origin];
}

/** Sends a page with Node's own response. */
export function sendPage(response: ServerResponse, status: number, page: string, formTargets: string[] = []): void {
  response.writeHead(status, headers(formTargets)).end(page);
}

/** Sets a page as the answer of the provider. */
export function setPage(
  ctx: { body: unknown; set(headers: Record<string, string>): void },
  page: string,
  formTargets: string[] = [],
): void {
  ctx.set(headers(formTargets));
  ctx.body = page;
}
