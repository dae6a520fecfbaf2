import type { IncomingMessage, ServerResponse } from 'node:http';
import { demoClients, demoPeople } from '../../src/reference-op/demo-data.js';

/** Parameters and members, in requests and answers, whose values are secret or say who somebody is. */
const TELLING = new Set([
  ...['access_token', 'assertion', 'client_assertion', 'client_secret', 'code', 'code_challenge', 'code_verifier'],
  ...['device_code', 'id_token', 'id_token_hint', 'identifier', 'login_hint', 'nonce', 'password', 'refresh_token'],
  ...['request_uri', 'state', 'subject_token', 'token', 'user_code', 'xsrf'],
]);

/** Characters up to which a value may be a word of our own as well; those of the demo people are looked for all the same. */
const SHORT = 11;

/** What must never be seen in the log of a server: the demo people and secrets, and what its traffic held. */
export class Canaries {
  private readonly values = new Set<string>([
    ...demoPeople.flatMap(({ id, uid, email, phone, password }) => [id, uid, email, phone, password]),
    ...demoClients.flatMap(({ secret }) => (secret ? [secret] : [])),
  ]);

  /** Takes those of a request, when its body is there. */
  takeFromRequest({ headers, url = '' }: IncomingMessage, body: string): void {
    const credentials = (headers.authorization ?? '').split(' ').slice(1).join(' ');
    this.add(credentials);
    this.add(Buffer.from(credentials, 'base64').toString().split(':').slice(1).join(':'));
    for (const cookie of (headers.cookie ?? '').split('; ')) this.add(cookie.split('=').slice(1).join('='));
    this.takeFromUrl(url);
    this.takeFromForm(new URLSearchParams(body));
    const json = parsed(body);
    this.takeFromIdentifier((json as { sub_id?: unknown } | null | undefined)?.sub_id, 4);
  }

  /** Takes those of an answer, when it is complete. */
  takeFromResponse(response: ServerResponse, body: string): void {
    for (const cookie of [response.getHeader('set-cookie') ?? []].flat()) {
      this.add(String(cookie).split(';')[0]!.split('=').slice(1).join('='));
    }
    this.takeFromUrl(String(response.getHeader('location') ?? ''));
    const json = parsed(body);
    if (typeof json !== 'object' || json === null) return;
    for (const [name, value] of Object.entries(json)) if (TELLING.has(name)) this.add(value);
  }

  /** Those that are in a text; short ones count as whole words only. */
  in(text: string): string[] {
    return [...this.values].filter(
      (canary) => text.includes(canary) && (canary.length > SHORT || isWordIn(text, canary)),
    );
  }

  private add(value: unknown): void {
    if (typeof value === 'string' && value.length > SHORT) this.values.add(value);
  }

  private takeFromUrl(url: string): void {
    const [path = '', query] = url.split('?');
    for (const segment of path.split('/')) if (segment.length > 20 && !segment.includes('-')) this.add(segment);
    this.takeFromForm(new URLSearchParams(query));
  }

  private takeFromForm(form: URLSearchParams): void {
    for (const [name, value] of form) if (TELLING.has(name)) this.add(value);
  }

  private takeFromIdentifier(subId: unknown, depth: number): void {
    if (typeof subId !== 'object' || subId === null || depth === 0) return;
    for (const [name, value] of Object.entries(subId)) {
      this.takeFromIdentifier(value, depth - 1);
      if (name !== 'format' && name !== 'iss') this.add(value);
    }
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

const isWordIn = (text: string, word: string): boolean =>
  new RegExp(`(?<![\\w-])${word.replaceAll(/[^\w]/g, String.raw`\$&`)}(?![\\w-])`).test(text);
