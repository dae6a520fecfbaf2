import type { ServerResponse } from 'node:http';
import { style } from './pages/style.js';

/**
 * Headers of our pages: nothing but their own style runs or loads.
 *
 * @param formTargets where a form on the page may lead; browsers hold redirects after a form to this list too
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

/** Origin of a web address, scheme of any other. */
function formTarget(uri: unknown): string[] {
  if (typeof uri !== 'string' || !URL.canParse(uri)) return [];
  const { origin, protocol } = new URL(uri);
  return [origin === 'null' ? protocol : origin];
}

/** Sends a page on Node's own response. */
export function sendPage(response: ServerResponse, status: number, page: string, formTargets: string[] = []): void {
  response.writeHead(status, headers(formTargets)).end(page);
}

/** Makes a page the answer of the provider. */
export function setPage(
  ctx: { body: unknown; set(headers: Record<string, string>): void },
  page: string,
  formTargets: string[] = [],
): void {
  ctx.set(headers(formTargets));
  ctx.body = page;
}
