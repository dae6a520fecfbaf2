import { text } from 'node:stream/consumers';
import { compactDecrypt, createLocalJWKSet, exportJWK, generateKeyPair, type JSONWebKeySet, jwtVerify } from 'jose';
import Provider from 'oidc-provider';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { Participant } from '../../../src/module/backchannel-logout/participant.entity.js';
import {
  BackchannelLogout,
  Participants,
  RelyingParties,
  RevocationService,
  SubjectEpochs,
  Sweeper,
} from '../../../src/module/index.js';
import { Delivery } from '../../../src/module/notifications/delivery.entity.js';
import {
  inheritEpoch,
  OIDC_PREVIOUS_ADAPTER,
  OidcRevocation,
  ProviderRelyingParties,
  runInEpochContext,
} from '../../../src/module/oidc-provider/index.js';
import { authority, type Certificate } from '../../support/certificates.js';
import { KeyServer } from '../caller/key-server.js';
import type { Host } from '../host.js';
import { memoryAdapters } from '../oidc-provider/memory-adapter.js';
import { issuer, startProviderHost } from '../oidc-provider/provider-host.js';

const PATIENT = { timeout: 40_000, interval: 20 };
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

let ca: Certificate;
let jwks: JSONWebKeySet;
let published: JSONWebKeySet;
let receiver: KeyServer;
let host: Host;
let tokens: string[];
let status: number;
let previous: ReturnType<typeof memoryAdapters>;

beforeAll(async () => {
  ca = await authority();
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const more = { kid: 'one', alg: 'RS256', use: 'sig' };
  jwks = { keys: [{ ...(await exportJWK(privateKey)), ...more }] };
  published = { keys: [{ ...(await exportJWK(publicKey)), ...more }] };
});
beforeEach(async () => {
  [tokens, status] = [[], 204];
  receiver = await KeyServer.start(
    (request, response) => {
      if (request.url!.endsWith('?dead')) return; // never answers
      void text(request).then((body) => {
        tokens.push(new URLSearchParams(body).get('logout_token')!);
        response.writeHead(status).end();
      });
    },
    '127.0.0.1',
    ca,
  );
  previous = memoryAdapters();
  await start([
    client('rp'),
    client('rp-sid', { backchannel_logout_session_required: true }),
    client('pairwise', { subject_type: 'pairwise' }),
    client('silent', { backchannel_logout_uri: undefined }),
  ]);
});
afterEach(async () => {
  await host.app.close();
  await receiver.stop();
});

const client = (id: string, more = {}) => ({
  ...{ client_id: id, client_secret: 'x'.repeat(32), redirect_uris: ['https://rp.example/cb'] },
  ...{ backchannel_logout_uri: receiver.url(), ...more },
});

async function start(clients: Array<ReturnType<typeof client>>): Promise<void> {
  host = await startProviderHost(
    (oidc) => {
      const provider = new Provider(issuer, {
        adapter: oidc.adapter,
        jwks: jwks as never,
        clients,
        subjectTypes: ['public', 'pairwise'],
        pairwiseIdentifier: (_ctx, accountId, { clientId }) => `${accountId} at ${clientId}`,
        features: {
          devInteractions: { enabled: false },
          encryption: { enabled: true },
          backchannelLogout: { enabled: true },
        },
      });
      return oidc.connect(provider);
    },
    {
      featureFlags: { GLOBAL_TOKEN_REVOCATION: true },
      notifications: { sinks: [BackchannelLogout], intervalMs: 20, allowedHosts: ['localhost'], ca: [ca.certificate] },
    },
    [
      { provide: RelyingParties, useClass: ProviderRelyingParties },
      BackchannelLogout,
      { provide: OIDC_PREVIOUS_ADAPTER, useValue: (model: string) => previous(model) },
    ],
  );
}

/** Signs somebody in at some clients, as a request would. @returns the session ids by client */
const signIn = (accountId: string, ...clients: string[]): Promise<Record<string, string>> =>
  runInEpochContext(async () => {
    inheritEpoch(accountId, await epochOf(accountId));
    const session = new (host.app.get(Provider).Session)();
    (session as unknown as { loginAccount(login: object): void }).loginAccount({ accountId });
    for (const client of clients) session.ensureClientContainer(client);
    await session.save(600);
    return Object.fromEntries(clients.map((client) => [client, session.sidFor(client)!]));
  });
const revoke = (by = {}): Promise<string> => host.app.get(RevocationService).revoke('alice', { actor: 'test', ...by });
const deliveries = (): Promise<Delivery[]> => host.dataSource.manager.find(Delivery, { order: { recipient: 'ASC' } });
const states = async () => (await deliveries()).map(({ recipient, state }) => [recipient, state]);
const until = (check: () => Promise<void>): Promise<void> => vi.waitFor(check, PATIENT);
const untilRepeated = (): Promise<void> =>
  until(async () => expect(await deliveries()).toMatchObject([{ attempts: 1, claimedBy: null, state: 'waiting' }]));
const repeat = (): Promise<unknown> => host.dataSource.query('UPDATE gtr_delivery SET due_at = 1');
const participants = (): Promise<Participant[]> => host.dataSource.manager.find(Participant, { order: { sid: 'ASC' } });
const epochOf = (accountId: string): Promise<number> => host.app.get(SubjectEpochs).epochForSignIn(accountId);
const verified = async (token: string) => jwtVerify(token, createLocalJWKSet(published), { issuer, typ: 'logout+jwt' });

describe('OpenID.Back-Channel §2.2, §2.4, §2.5: logout tokens after a revocation', () => {
  test('tells each relying party of the user with a token for all sessions, without sid and nonce', async () => {
    await signIn('alice', 'rp', 'pairwise', 'silent');
    await signIn('bob', 'rp');
    await revoke();
    await until(async () => expect(await states()).toEqual([['pairwise', 'delivered'], ['rp', 'delivered']])); // prettier-ignore
    const got = await Promise.all(tokens.map(verified));
    const claims = got.map(({ payload }) => payload).toSorted((a, b) => String(a.aud).localeCompare(String(b.aud)));
    const common = {
      iss: issuer,
      events: { [EVENT]: {} },
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.any(String),
    };
    expect(claims).toEqual([
      { ...common, aud: 'pairwise', sub: 'alice at pairwise' },
      { ...common, aud: 'rp', sub: 'alice' },
    ]);
    for (const { exp, iat } of claims) expect(exp! - iat!).toBeLessThanOrEqual(120);
    expect(got[0]!.protectedHeader).toMatchObject({ alg: 'RS256', kid: 'one', typ: 'logout+jwt' });
  });

  test('encrypts the token for a relying party whose ID tokens are encrypted', async () => {
    await host.app.close();
    const { privateKey, publicKey } = await generateKeyPair('RSA-OAEP-256');
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'rp', use: 'enc', alg: 'RSA-OAEP-256' }];
    const wants = { id_token_encrypted_response_alg: 'RSA-OAEP-256', id_token_encrypted_response_enc: 'A256GCM' };
    await start([client('rp', { ...wants, jwks: { keys } })]);
    await signIn('alice', 'rp');
    await revoke();
    await until(async () => expect(await states()).toEqual([['rp', 'delivered']]));
    const { plaintext, protectedHeader } = await compactDecrypt(tokens[0]!, privateKey);
    expect(protectedHeader).toMatchObject({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: 'rp' });
    const { payload } = await verified(new TextDecoder().decode(plaintext));
    expect(payload).toMatchObject({ aud: 'rp', sub: 'alice', events: { [EVENT]: {} } });
  });

  test('sends one token per session to a relying party that demands sid', async () => {
    const sids = [await signIn('alice', 'rp-sid'), await signIn('alice', 'rp-sid')].map((each) => each['rp-sid']);
    await revoke();
    await until(async () => expect(await states()).toEqual([['rp-sid', 'delivered']]));
    const got = await Promise.all(tokens.map(verified));
    expect(got.map(({ payload }) => String(payload['sid'])).toSorted()).toEqual(sids.map(String).toSorted());
  });

  test('opens at most 20 connections to a relying party at once, however many sessions the user had', async () => {
    const [epoch, expiresAt] = [await epochOf('alice'), Date.now() + 600_000];
    const more = { subject: 'alice', clientId: 'rp-sid', epoch, expiresAt };
    for (let i = 0; i < 45; i += 1) await host.app.get(Participants).remember({ ...more, sid: `sid-${i}` });
    const { answer } = receiver;
    let [open, most] = [0, 0];
    receiver.answer = (request, response) => {
      open += 1;
      most = Math.max(most, open);
      response.once('close', () => (open -= 1));
      setTimeout(() => answer(request, response), 800);
    };
    await revoke();
    await until(async () => expect(await states()).toEqual([['rp-sid', 'delivered']]));
    const got = await Promise.all(tokens.map(verified));
    expect(new Set(got.map(({ payload }) => payload['sid'])).size).toBe(45);
    expect(most).toBeLessThanOrEqual(20);
  });

  test('the identity provider whose logout token caused it is not told', async () => {
    await signIn('alice', 'rp', 'rp-sid');
    await revoke({ actor: 'rp', method: 'logout+jwt' });
    await until(async () => expect(await states()).toEqual([['rp-sid', 'delivered']]));
  });

  test('a client that has revoked the user itself is told', async () => {
    await signIn('alice', 'rp');
    await revoke({ actor: 'rp', method: 'client_secret_basic' });
    await until(async () => expect(await states()).toEqual([['rp', 'delivered']]));
  });

  test('a repetition has another jti, and ends only old sessions after a new sign-in', async () => {
    const old = await signIn('alice', 'rp');
    status = 503;
    await revoke();
    await untilRepeated();
    await signIn('alice', 'rp');
    status = 200;
    await repeat();
    await until(async () => expect(await states()).toEqual([['rp', 'delivered']]));
    const got = await Promise.all(tokens.map(verified));
    expect(got.map(({ payload }) => payload['sid'])).toEqual([undefined, old['rp']]);
    expect(new Set(got.map(({ payload }) => payload.jti)).size).toBe(2);
  });

  test.each([400, 302])('the answer %i is final', async (answer) => {
    await signIn('alice', 'rp');
    status = answer;
    await revoke();
    await until(async () => expect(await states()).toEqual([['rp', 'dead']]));
    expect(tokens).toHaveLength(1);
  });

  test('a token that would end a newer session is not sent if no session id is known', async () => {
    const remember = async (): Promise<void> =>
      host.app.get(Participants).remember({
        ...{ subject: 'alice', clientId: 'rp' },
        ...{ epoch: await epochOf('alice'), expiresAt: Date.now() + 600_000 },
      });
    await remember();
    status = 503;
    await revoke();
    await untilRepeated();
    await remember();
    await repeat();
    await until(async () => expect(await states()).toEqual([['rp', 'superseded']]));
    expect(tokens).toHaveLength(1);
  });

  test('a token is sent although the ended sessions were swept before', async () => {
    await signIn('alice', 'rp');
    status = 503;
    await revoke();
    await untilRepeated();
    await host.app.get(Sweeper).sweep(0);
    status = 200;
    await repeat();
    await until(async () => expect(await states()).toEqual([['rp', 'delivered']]));
  });

  test('500 relying parties are told although one never answers', async () => {
    await host.app.close();
    const ids = Array.from({ length: 500 }, (_, i) => `rp-${i}`);
    await start(ids.map((id) => client(id, id === 'rp-7' && { backchannel_logout_uri: `${receiver.url()}?dead` })));
    await signIn('alice', ...ids);
    await revoke();
    await vi.waitFor(
      async () => {
        const told = (await deliveries()).filter(({ state }) => state === 'delivered');
        expect(told.map(({ recipient }) => recipient)).toEqual(ids.filter((id) => id !== 'rp-7').toSorted());
      },
      { timeout: 200_000, interval: 100 },
    );
  }, 240_000);
});

describe('relying parties that are remembered', () => {
  test('for a day longer than their sessions, and then no more', async () => {
    const before = Date.now();
    await signIn('alice', 'rp');
    const [{ expiresAt }] = (await participants()) as [Participant];
    const least = before + 600_000 + 86_400_000;
    expect(expiresAt).toBeGreaterThanOrEqual(least);
    expect(expiresAt).toBeLessThan(Date.now() + 600_000 + 86_400_000 + 3_600_000);
    await host.app.get(Sweeper).sweep(0);
    expect(await participants()).toHaveLength(1);
    await host.dataSource.query('UPDATE gtr_participant SET expires_at = 1');
    await host.app.get(Sweeper).sweep(0);
    expect(await participants()).toEqual([]);
  });

  test('when a CIBA request is approved', async () => {
    const requests = host.app.get(OidcRevocation).adapter('BackchannelAuthenticationRequest');
    const payload = { jti: 'request', accountId: 'alice', clientId: 'rp', exp: Math.floor(Date.now() / 1000) + 600 };
    await runInEpochContext(async () => {
      inheritEpoch('alice', await epochOf('alice'));
      await requests.upsert('request', payload, 600);
    });
    expect(await participants()).toEqual([]);
    await runInEpochContext(async () => {
      await requests.find('request');
      await requests.upsert('request', { ...payload, grantId: 'grant', sid: 's' } as never, 600);
    });
    expect(await participants()).toMatchObject([{ subject: 'alice', clientId: 'rp', sid: 's' }]);
  });

  test('when a session of a previous adapter is presented', async () => {
    const exp = Math.floor(Date.now() / 1000) + 600;
    const session = { jti: 'old', uid: 'uid', accountId: 'alice', exp, authorizations: { rp: { sid: 's' } } };
    await previous('Session').upsert('old', session as never, 600);
    await runInEpochContext(() => host.app.get(Provider).Session.find('old'));
    expect(await participants()).toMatchObject([{ clientId: 'rp', sid: 's', epoch: 0 }]);
    await revoke();
    await until(async () => expect(await states()).toEqual([['rp', 'delivered']]));
  });
});
