import type { Answer } from './http.js';
import { Mismatch, NotTested } from './outcome.js';

/** @throws Mismatch unless the status is one of these */
export function expectStatus(answer: Answer, ...expected: number[]): void {
  if (expected.includes(answer.status)) return;
  const body = answer.text === '' ? '' : ` (${answer.text.slice(0, 200)})`;
  throw new Mismatch(`expected status ${expected.join(' or ')}, got ${answer.status}${body}`);
}

/** @throws Mismatch unless the status is 400 to 499 */
export function expectRefusal(answer: Answer): void {
  if (answer.status < 400 || answer.status > 499) throw new Mismatch(`expected a 4xx status, got ${answer.status}`);
}

/** @throws Mismatch with this message if the condition is false */
export function expectThat(holds: boolean, otherwise: string): void {
  if (!holds) throw new Mismatch(otherwise);
}

/** Expects 204 for the valid request; otherwise a rejection proves nothing. @throws NotTested */
export function expectAccepted(answer: Answer): void {
  if (answer.status !== 204)
    throw new NotTested(`the server rejects the valid request, too: it answered ${answer.status}`);
}
