import type { ServerResponse } from 'node:http';
import { style } from './pages/style.js';

/** Allows one style sheet by its hash, our own script, and requests to this server. @see CSP Level 3 §6 */
const POLICY = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src ${style.source}`,
  `connect-src 'self'`,
  `form-action 'self'`,
  `base-uri 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

/** Sends a page with Node's own response. */
export function sendDemoPage(response: ServerResponse, status: number, page: string): void {
  response
    .writeHead(status, {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': POLICY,
    })
    .end(page);
}

/** Redirects the browser to another URL with GET. */
export function sendOn(response: ServerResponse, location: string, cookie?: string): void {
  response
    .writeHead(303, { Location: location, 'Cache-Control': 'no-store', ...(cookie && { 'Set-Cookie': cookie }) })
    .end();
}
