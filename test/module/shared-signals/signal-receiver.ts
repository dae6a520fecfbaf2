import { text } from 'node:stream/consumers';
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import type { Certificate } from '../../support/certificates.js';
import { KeyServer } from '../caller/key-server.js';

/** Claims of a security event token. */
export type SecurityEvent = JWTPayload & {
  sub_id: object;
  events: Record<string, Record<string, unknown>>;
  txn: string;
};

/**
 * A receiver of events, written from the specifications.
 *
 * @see RFC 8935 §2, RFC 8936 §2, OpenID.SSF §4.1
 */
export class SignalReceiver {
  /** Valid events, pushed or polled. */
  readonly events: SecurityEvent[] = [];
  /** Headers of the requests that pushed them. */
  readonly headers: Array<Record<string, unknown>> = [];
  /** What was wrong with events. */
  readonly problems: string[] = [];
  /** Answer instead of a check. */
  answer: { status: number; body?: string } | undefined;

  private constructor(
    private readonly server: KeyServer,
    private readonly issuer: string,
    private readonly audience: string,
    private readonly keys: JSONWebKeySet,
  ) {}

  static async start(issuer: string, audience: string, keys: JSONWebKeySet, ca: Certificate): Promise<SignalReceiver> {
    const server = await KeyServer.start(() => {}, '127.0.0.1', ca);
    const receiver = new SignalReceiver(server, issuer, audience, keys);
    server.answer = (request, response) =>
      void text(request).then(async (body) => {
        receiver.headers.push({ ...request.headers });
        const { status, body: said } = receiver.answer ?? (await receiver.receive(body));
        const json = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(said ?? '') };
        response.writeHead(status, said === undefined ? {} : json).end(said);
      });
    return receiver;
  }

  get url(): string {
    return this.server.url();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Verifies an event and keeps it; the same `jti` again is accepted and ignored. */
  async receive(set: string): Promise<{ status: number; body?: string }> {
    try {
      const { issuer, audience } = this;
      const checks = { issuer, audience, typ: 'secevent+jwt', algorithms: ['RS256'], requiredClaims: ['iat', 'jti'] };
      const { payload } = await jwtVerify<SecurityEvent>(set, createLocalJWKSet(this.keys), checks);
      if (payload.sub !== undefined || payload.exp !== undefined) throw new Error('sub or exp');
      if (Object.keys(payload.events).length !== 1) throw new Error('not one event');
      if (typeof payload.sub_id !== 'object') throw new Error('no sub_id');
      if (!this.events.some(({ jti }) => jti === payload.jti)) this.events.push(payload);
      return { status: 202 };
    } catch (error) {
      this.problems.push(String(error));
      return { status: 400, body: JSON.stringify({ err: 'invalid_request', description: String(error) }) };
    }
  }
}
