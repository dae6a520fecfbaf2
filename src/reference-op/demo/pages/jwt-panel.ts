import { html, type Html } from '../../op/pages/html.js';
import type { Jwt, Mood } from '../sign-in.js';
import { check } from './checks.js';

/**
 * Shows what an API does with a JWT access token.
 *
 * @param seconds within which a revocation reaches it
 * @param mood what has ended otherwise
 */
export function jwtPanel(answer: Jwt['answer'], seconds: number, mood: Mood): Html {
  return html`<section class="card checks jwt-api" aria-label="An API with JWTs">
    <ul class="rail" role="list">
      ${check({ name: 'JWT at an API', mark: html`data-jwt`, meaning: meaningOf(answer, seconds, mood), answer })}
    </ul>
  </section>`;
}

function meaningOf({ standing }: Jwt['answer'], seconds: number, mood: Mood): string {
  if (standing === 'ended')
    return 'The status list says that the token has ended, so the API rejects it. Nobody notified the API.';
  if (standing === 'unknown') return 'The API has not answered, or cannot read the status list.';
  if (mood === 'ended')
    return `This API still accepts the token. It reads the status list again within ${seconds} seconds.`;
  return `This API verifies the token itself. It reads a status list now and then, so a revocation takes effect within ${seconds} seconds.`;
}
