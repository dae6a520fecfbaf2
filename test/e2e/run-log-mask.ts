import { demoClients, demoPeople } from '../../src/reference-op/demo-data.js';
import { basic } from '../support/operator.js';

/** What the log says instead of the address the server happens to have. */
export const ISSUER = 'http://localhost:3000';

/** Members that depend on the second, ID tokens included: two of one second may be equal. */
const TIMED: Readonly<Record<string, string>> = {
  exp: '<time>',
  iat: '<time>',
  auth_time: '<time>',
  id_token: '<id-token>',
};

/** Members of forms, addresses and JSON that are secret or random, by the name they are given in the log. */
const LABELS: Readonly<Record<string, string>> = {
  access_token: 'access-token',
  refresh_token: 'refresh-token',
  code: 'code',
  device_code: 'device-code',
  user_code: 'user-code',
  state: 'state',
  nonce: 'nonce',
  code_challenge: 'code-challenge',
  code_verifier: 'code-verifier',
  xsrf: 'form-secret',
  op_session: 'session-cookie',
  op_interaction: 'interaction',
  op_resume: 'interaction',
  revocation: 'revocation',
};

/**
 * Gives every secret, code, token, cookie and id a name that says what it is, numbered by order of appearance. A value that
 * returns keeps its name.
 */
export class Mask {
  private readonly names = new Map<string, string>();
  private readonly counts = new Map<string, number>();

  constructor(serverUrl: string) {
    this.names.set(serverUrl, ISSUER);
    for (const { id, uid, password } of demoPeople) {
      this.names.set(id, `<id-of-${uid}>`).set(password, `<password-of-${uid}>`);
    }
    for (const { clientId, secret } of demoClients) {
      this.names.set(secret, `<secret-of-${clientId}>`);
      this.names.set(basic(clientId, secret), `Basic <${clientId}:secret-of-${clientId}>`);
    }
  }

  /** Names a value if its member is known to be secret or random. */
  learn(member: string, value: unknown): void {
    const label = LABELS[member] ?? (member.endsWith('.sig') ? 'signature' : undefined);
    if (label === undefined || typeof value !== 'string' || value === '' || this.names.has(value)) return;
    const count = (this.counts.get(label) ?? 0) + 1;
    this.counts.set(label, count);
    this.names.set(value, `<${label}-${count}>`);
  }

  learnAll(members: Iterable<[string, unknown]>): void {
    for (const [member, value] of members) this.learn(member, value);
  }

  /** Replaces every value that has a name, the longest first. */
  text(text: string): string {
    const values = [...this.names.keys()].sort((a, b) => b.length - a.length);
    return values.reduce((masked, value) => masked.replaceAll(value, this.names.get(value)!), text);
  }

  /** An address and its parameters, each decoded and on a line of its own. */
  url(url: URL, home: string): string[] {
    this.learn('op_interaction', /^\/(?:interaction|auth|device)\/([\w-]{20,})/.exec(url.pathname)?.[1]);
    this.learn('revocation', /^\/global-token-revocation\/([\w-]+)/.exec(url.pathname)?.[1]);
    this.learnAll(url.searchParams);
    const address = url.origin === home ? url.pathname : `${url.origin}${url.pathname}`;
    return [this.text(address), ...this.members(url.searchParams)];
  }

  members(members: URLSearchParams): string[] {
    this.learnAll(members);
    return [...members].map(([name, value]) => this.text(`${name} = ${value}`));
  }

  json(body: Record<string, unknown>): string[] {
    this.learnAll(Object.entries(body));
    return this.text(JSON.stringify(body, (key, value) => TIMED[key] ?? value, 2)).split('\n');
  }
}
