import { text } from 'node:stream/consumers';
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { KeyServer } from '../module/caller/key-server.js';
import type { Certificate } from './certificates.js';
import type { TestServer } from './server.js';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/**
 * The sessions of a relying party and its endpoint for logout tokens, written from the specification.
 *
 * @see OpenID.Back-Channel §2.5, §2.6, §2.7, §2.8
 */
export class LogoutReceiver {
  /** Sessions that people have there: user by `sid`, or by any other id if the relying party knows no `sid`. */
  readonly sessions = new Map<string, string>();
  /** Valid tokens that came. */
  readonly tokens: JWTPayload[] = [];
  /** Answer instead of a check. */
  status: number | undefined;
  /** What was wrong with a token. */
  readonly problems: string[] = [];

  private constructor(
    private readonly clientId: string,
    private readonly server: KeyServer,
  ) {}

  static async start(op: Pick<TestServer, 'url'>, clientId: string, ca: Certificate): Promise<LogoutReceiver> {
    const keys = createRemoteJWKSet(new URL(`${op.url}/jwks`));
    const server = await KeyServer.start(() => {}, '127.0.0.1', ca);
    const receiver = new LogoutReceiver(clientId, server);
    server.answer = (request, response) =>
      void text(request).then(async (body) => {
        const { status = await receiver.receive(new URLSearchParams(body), op.url, keys) } = receiver;
        response.writeHead(status, { 'cache-control': 'no-store' }).end();
      });
    return receiver;
  }

  /** Its `backchannel_logout_uri`. */
  get uri(): string {
    return `${this.server.url()}?for=${this.clientId}`;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private async receive(
    form: URLSearchParams,
    issuer: string,
    keys: ReturnType<typeof createRemoteJWKSet>,
  ): Promise<number> {
    try {
      const checks = { issuer, audience: this.clientId, typ: 'logout+jwt', algorithms: ['RS256'] };
      const required = { requiredClaims: ['iat', 'exp', 'jti', 'events'] };
      const { payload } = await jwtVerify(form.get('logout_token')!, keys, { ...checks, ...required });
      const { events, nonce, sub, sid, jti } = payload as JWTPayload & { events: object; sid?: string };
      if (JSON.stringify(events) !== JSON.stringify({ [EVENT]: {} })) throw new Error('other events');
      if (nonce !== undefined) throw new Error('a nonce');
      if (sub === undefined && sid === undefined) throw new Error('neither sub nor sid');
      if (this.tokens.some((other) => other.jti === jti)) throw new Error('the same jti');
      this.tokens.push(payload);
      for (const [id, user] of this.sessions)
        if (sid === undefined ? user === sub : id === sid) this.sessions.delete(id);
      return 200;
    } catch (error) {
      this.problems.push(String(error));
      return 400;
    }
  }
}
