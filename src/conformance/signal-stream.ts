import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { expectStatus, expectThat } from './expect.js';
import { type Answer, basic, type ClientCredentials, jsonOf, send } from './http.js';
import { Mismatch, NotTested } from './outcome.js';
import type { Target } from './target.js';
import { type EventClaims, verified } from './verified.js';

const POLL = 'urn:ietf:rfc:8936';
/** How long an event may take, in milliseconds. */
const WAIT_MS = 30_000;
/** Time between two polls, in milliseconds. */
const POLL_MS = 500;

/** Members of the discovery document that the suite uses. @see OpenID.SSF §7.1 */
type Document = Partial<Record<string, string>>;

/** The used part of the configuration of a stream. @see OpenID.SSF §8.1.1 */
interface Created {
  stream_id: string;
  aud: unknown;
  delivery: { endpoint_url?: string };
}

/** A stream of a receiver that polls. */
export class SignalStream {
  private constructor(
    private readonly document: Document,
    private readonly token: string,
    private readonly id: string,
    private readonly pollUrl: string,
    private readonly audience: unknown,
  ) {}

  /**
   * Creates a stream, uses it and deletes it. Deletes an earlier one of this receiver.
   *
   * @throws NotTested if the server is no transmitter, or issues no token to the receiver
   * @see OpenID.SSF §8.1.1
   */
  static async during(target: Target, events: readonly string[], use: (stream: SignalStream) => Promise<void>) {
    const receiver = target.need('signals_receiver');
    const document = await discovered(target.options.base_url);
    const token = await tokenOf(target, receiver);
    const streams = urlIn(document, 'configuration_endpoint');
    await deleteAll(streams, token);
    const answer = await call(token, streams, { events_requested: events, delivery: { method: POLL } });
    expectStatus(answer, 201);
    const { stream_id: id, delivery, aud } = jsonOf(answer) as Partial<Created>;
    const { endpoint_url: pollUrl } = delivery ?? {};
    expectThat(id !== undefined && pollUrl !== undefined, 'the stream has no stream_id or no delivery.endpoint_url');
    try {
      await use(new SignalStream(document, token, id!, pollUrl!, aud));
    } finally {
      await deleteAll(streams, token);
    }
  }

  /** Makes the stream about a user. @see OpenID.SSF §8.1.3.2 */
  async add(subject: unknown): Promise<void> {
    if (this.document['add_subject_endpoint'] === undefined) return;
    const url = urlIn(this.document, 'add_subject_endpoint');
    expectStatus(await call(this.token, url, { stream_id: this.id, subject }), 200);
  }

  /** Asks for a verification. @see OpenID.SSF §8.1.4.2 */
  async verify(state: string): Promise<void> {
    const url = urlIn(this.document, 'verification_endpoint');
    expectStatus(await call(this.token, url, { stream_id: this.id, state }), 204);
  }

  /**
   * Returns the next event of a type, and checks what every security event token has.
   *
   * @throws Mismatch if none comes in time
   * @see RFC 8936 §2, OpenID.SSF §4.1
   */
  async next(type: string): Promise<{ claims: EventClaims; event: Record<string, unknown> }> {
    const until = performance.now() + WAIT_MS;
    for (let ack: string[] = []; performance.now() < until; await sleep(POLL_MS)) {
      const answer = await call(this.token, this.pollUrl, { returnImmediately: true, ack });
      expectStatus(answer, 200);
      const { sets = {} } = (jsonOf(answer) ?? {}) as { sets?: Record<string, string> };
      for (const [jti, set] of Object.entries(sets)) {
        const claims = await this.checked(jti, set);
        const event = claims.events?.[type];
        if (event) return { claims, event };
      }
      ack = Object.keys(sets);
    }
    throw new Mismatch(`no event ${type} came within ${WAIT_MS / 1000} s`);
  }

  private async checked(id: string, set: string): Promise<EventClaims> {
    const { payload, protectedHeader } = await verified(set, urlIn(this.document, 'jwks_uri'));
    const { iss, aud, jti, iat, exp, sub, sub_id, events } = payload;
    expectThat(protectedHeader.typ === 'secevent+jwt', `the typ of the event is ${String(protectedHeader.typ)}`);
    expectThat(iss === this.document['issuer'], `the iss of the event is ${String(iss)}`);
    expectThat(isDeepStrictEqual(aud, this.audience), `the aud of the event is ${String(aud)}`);
    expectThat(
      jti === id && iat !== undefined,
      'the event has no iat, or its jti differs from the one in the poll response',
    );
    expectThat(exp === undefined && sub === undefined, 'the event has exp or sub');
    expectThat(sub_id !== undefined, 'the event has no sub_id');
    expectThat(Object.keys(events ?? {}).length === 1, 'the event token does not have exactly one event');
    return payload;
  }
}

/** @see OpenID.SSF §7.2.1 */
async function discovered(issuer: string): Promise<Document> {
  const { origin, pathname } = new URL(issuer);
  const answer = await send(`${origin}/.well-known/ssf-configuration${pathname.replace(/\/$/, '')}`);
  const document = answer.status === 200 ? jsonOf(answer) : undefined;
  if (!document) throw new NotTested('the server has no /.well-known/ssf-configuration');
  return document as Document;
}

function urlIn(document: Document, name: string): string {
  const url = document[name];
  if (typeof url !== 'string') throw new NotTested(`needs ${name} in /.well-known/ssf-configuration`);
  return url;
}

/** @see RFC 6749 §4.4 */
async function tokenOf(target: Target, receiver: ClientCredentials): Promise<string> {
  const headers = { authorization: basic(receiver), 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'ssf.manage' }).toString();
  const answer = await send(await target.metadataUrl('token_endpoint'), { method: 'POST', headers, body });
  const token = jsonOf(answer)?.['access_token'];
  if (typeof token !== 'string')
    throw new NotTested(
      'needs a token endpoint that issues access tokens with the scope ssf.manage to signals_receiver',
    );
  return token;
}

/** Calls the management API. */
function call(token: string, url: string, body?: object, method = 'POST'): Promise<Answer> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body && { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
  };
  return send(url, { method, headers, body: text });
}

/** @see OpenID.SSF §8.1.1.2, §8.1.1.5 */
async function deleteAll(streams: string, token: string): Promise<void> {
  const answer = await call(token, streams, undefined, 'GET');
  expectStatus(answer, 200);
  const list = JSON.parse(answer.text) as Array<{ stream_id: string }>;
  for (const { stream_id: id } of [list].flat())
    expectStatus(await call(token, `${streams}?stream_id=${encodeURIComponent(id)}`, undefined, 'DELETE'), 204);
}
