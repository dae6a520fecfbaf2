import { createHash, randomBytes, randomUUID, X509Certificate } from 'node:crypto';
import { VersioningType } from '@nestjs/common';
import { calculateJwkThumbprint } from 'jose';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  AccessTokens,
  type AuditEvent,
  AuditEvents,
  DeliveryError,
  FeatureFlags,
  GLOBAL_REVOCATION_SCOPE,
  Revocation,
  RevocationMetadata,
} from '../../../src/module/index.js';
import { selfSigned } from '../../support/certificates.js';
import { basic } from '../../support/operator.js';
import { byteSequence } from '../../support/tls-proxy.js';
import { Signer } from '../caller/signer.js';
import {
  type AdapterName,
  adapters,
  type Host,
  type HostOptions,
  noScope,
  operator,
  registerCallers,
} from '../host.js';
import { startHost } from '../host.js';
import { RecordingSink } from '../notifications/recording-sink.js';
import { type Answer, send, uidBody } from './send.js';
import { SqlLog } from './sql-log.js';

const PATH = '/global-token-revocation';
const auditKey = randomBytes(32);
const signer = await Signer.create();
const IDP = 'https://idp.example';
const seconds = (): number => Math.floor(Date.now() / 1000);
const as = ({ id, secret }: typeof operator) => ({ authorization: basic(id, secret) });
const json = { 'content-type': 'application/json' };
const refused = { error: 'not_found', error_description: 'this caller has no such revocation' };
const nobodyToTell = { recipients: 0, delivered: 0, pending: 0, superseded: 0, failed: 0, completed_at: null };

describe.each(Object.keys(adapters) as AdapterName[])(
  'RFC 9110 §10.2.2: the state of a revocation, on %s',
  (adapter) => {
    let host: Host;
    afterEach(async () => {
      vi.restoreAllMocks();
      RecordingSink.firstPages = [['one']];
      await host.app.close();
    });

    async function start(more: HostOptions = {}): Promise<void> {
      host = await startHost(adapter, {
        providers: [RecordingSink],
        ...more,
        options: {
          auditKey,
          unknownSubject: 'no_content',
          notifications: { sinks: [RecordingSink], intervalMs: 20 },
          identityProviders: [
            { id: 'idp', issuers: [IDP], keys: { jwks: signer.jwks }, restrictions: { formats: ['uid'] } },
          ],
          ...more.options,
        },
      });
      await registerCallers(host);
    }
    const revoke = (uid: string, headers: Record<string, string> = as(operator), path = PATH): Promise<Answer> =>
      send(host.url + path, { headers: { ...json, ...headers }, body: uidBody(uid) });
    const read = (location: string, headers: Record<string, string> = as(operator), method = 'GET') =>
      send(host.url + new URL(location).pathname, { method, headers });
    const locationOf = ({ headers }: Answer): string => headers.location!;
    const stateOf = async (location: string): Promise<unknown> => JSON.parse((await read(location)).body);
    const assertion = (): Promise<string> => {
      const claims = { iss: IDP, sub: 'idp', aud: host.url + PATH, jti: randomUUID() };
      return signer.sign({ ...claims, iat: seconds(), exp: seconds() + 60 }, { typ: 'global-token-revocation+jwt' });
    };
    const outbox = (): Promise<unknown[]> =>
      host.dataSource.query('SELECT id FROM gtr_outbox WHERE finished_at IS NOT NULL');

    test('a user without recipients and an unknown user have the same answers, of the same length, for the same statements', async () => {
      RecordingSink.firstPages = [[]];
      await start();
      const sql = new SqlLog(host.dataSource);
      const seen: unknown[][] = [];
      for (const uid of ['ann', 'nobody']) {
        const revoked = await revoke(uid);
        await vi.waitFor(async () => expect(await outbox()).toHaveLength(1));
        const location = locationOf(revoked);
        let state: Answer | undefined;
        const statements = await sql.of(async () => (state = await read(location)));
        const { headers, body } = state!;
        const { created_at, ...rest } = JSON.parse(body) as { created_at: number };
        expect(Math.abs(created_at - seconds())).toBeLessThan(10);
        const reads = statements.filter((each) => each.includes('WHERE outbox_id = ?')).length;
        const own = { ...revoked.headers, date: '', location: location.length };
        seen.push([revoked.status, own, state!.status, { ...headers, date: '' }, body.length, rest, reads]);
      }
      expect(seen[0]).toEqual(seen[1]);
      expect(seen[0]!.slice(-2)).toEqual([nobodyToTell, 1]);
      expect(seen[0]).toMatchObject({ 2: 200, 3: { 'cache-control': 'no-store', 'content-type': 'application/json' } });
    });

    test('shows how many recipients were told, and no names', async () => {
      RecordingSink.firstPages = [
        ['one', 'two'],
        ['three', 'four#ben'],
      ];
      await start();
      host.app.get(RecordingSink).onSend = ({ recipient }) => {
        if (recipient === 'two') return Promise.reject(new DeliveryError('gone', { isFinal: true }));
        if (recipient === 'four') return Promise.resolve({ state: 'held' });
        return Promise.resolve({ state: recipient === 'three' ? 'superseded' : 'delivered' });
      };
      const location = locationOf(await revoke('ann'));
      const all = { recipients: 4, delivered: 1, pending: 1, superseded: 1, failed: 1 };
      await vi.waitFor(async () => expect(await stateOf(location)).toMatchObject({ ...all, completed_at: null }));
      await host.dataSource.query(`UPDATE gtr_delivery SET state = 'delivered' WHERE state = 'held'`);
      const { created_at, completed_at, ...counts } = (await stateOf(location)) as Record<string, number>;
      expect(counts).toEqual({ ...all, delivered: 2, pending: 0 });
      expect(completed_at! - created_at!).toBeGreaterThanOrEqual(0);
      expect(completed_at! - created_at!).toBeLessThan(30);
    });

    test('another caller, a changed address and one of four weeks ago get the same 404', async () => {
      await start();
      await host.dataSource.query('UPDATE gtr_client SET scope = ?', [GLOBAL_REVOCATION_SCOPE]);
      const location = locationOf(await revoke('ann'));
      const first = location.lastIndexOf('/') + 1;
      const changed = [first, first + 40, location.length - 1].map((i) => {
        return location.slice(0, i) + (location[i] === 'A' ? 'B' : 'A') + location.slice(i + 1);
      });
      const answers = [
        await read(location, as(noScope)),
        ...(await Promise.all([...changed, location.slice(0, -4), `${host.url}${PATH}/x`].map((each) => read(each)))),
        await read(locationOf(await revoke('ann', as(noScope)))),
      ];
      const now = Date.now();
      vi.spyOn(Date, 'now').mockImplementation(() => now + 28 * 86_400_000 + 1000);
      answers.push(await read(location));
      vi.restoreAllMocks();
      for (const { status, headers: own, body } of answers)
        expect([status, JSON.parse(body), own['cache-control']]).toEqual([404, refused, 'no-store']);
      expect((await read(location)).status).toBe(200);
    });

    test('a request for a state is checked like a revocation, and has its own events', async () => {
      await start();
      const events: AuditEvent[] = [];
      host.app.get(AuditEvents).subscribe((event) => void events.push(event));
      const location = locationOf(await revoke('ann'));
      const status = async (...call: [Record<string, string>?, string?]) => (await read(location, ...call)).status;
      expect(await status()).toBe(200);
      expect(await status({})).toBe(401);
      expect(await status(as(noScope))).toBe(403);
      expect(await status({ ...as(operator), 'content-type': 'text/plain', 'content-encoding': 'x' })).toBe(200);
      expect((await read(location, as(operator), 'HEAD')).body).toBe('');
      expect(await status(as(operator), 'POST')).toBe(404);
      expect((await send(host.url, { method: 'GET', target: `${new URL(location).pathname}#` })).status).toBe(400);
      expect((await send(host.url + PATH, { method: 'GET', headers: as(operator) })).status).toBe(405);
      vi.spyOn(host.app.get(FeatureFlags), 'isEnabled').mockResolvedValue(false);
      expect(await status()).toBe(403);
      const [{ id }] = (await host.dataSource.getRepository(Revocation).find()) as [Revocation];
      const ofStates = events.filter((each) => each['event.action'] === 'revocation-state-request');
      expect(ofStates.map((each) => each['event.reason'] ?? each['event.id'])).toEqual([
        ...[id, 'credentialsMissing', 'insufficientScope', id, id],
        ...['requestTarget', 'featureDisabled'],
      ]);
    });

    test('calls for states count against the rate limit of the caller', async () => {
      await start({ options: { rateLimits: { calls: { limit: 2, ttlSeconds: 60 } } } });
      const location = locationOf(await revoke('ann'));
      expect([(await read(location)).status, (await read(location)).status]).toEqual([200, 429]);
    });

    test('a repeated assertion gets the state of its one revocation, and one assertion cannot both revoke and read', async () => {
      await start();
      const once = { authorization: `Bearer ${await assertion()}` };
      const locations = [await revoke('ann', once), await revoke('ann', once)].map(locationOf);
      expect(await host.dataSource.getRepository(Revocation).count()).toBe(1);
      for (const location of locations)
        await vi.waitFor(async () => {
          const { body } = await read(location, { authorization: `Bearer ${await assertion()}` });
          expect(JSON.parse(body)).toMatchObject({ delivered: 1, pending: 0 });
        });
      const { status, body } = await read(locations[0]!, once);
      expect([status, body]).toEqual([401, expect.stringContaining('with a different body')]);
    });

    test('RFC 9449 §4.3, RFC 8705 §5: a proof names the address, and a caller with a certificate gets an address below the base URL for mutual TLS', async () => {
      const certificate = new X509Certificate((await selfSigned('client')).certificate);
      const shown = { 'client-cert': byteSequence(certificate.raw) };
      const clientCertificate = ({ headers }: { headers: Record<string, unknown> }) =>
        headers['client-cert'] === undefined ? undefined : certificate;
      await start({ options: { mutualTls: { clientCertificate, baseUrl: 'https://mtls.example' } } });
      const { kid: _kid, alg: _alg, ...jwk } = signer.jwk;
      const x5t = createHash('sha256').update(certificate.raw).digest('base64url');
      const token = { clientId: operator.id, scope: GLOBAL_REVOCATION_SCOPE };
      const jkt = await calculateJwkThumbprint(jwk);
      host.app.get(AccessTokens).offer((value) => {
        return Promise.resolve({ ...token, cnf: value === 'cert' ? { 'x5t#S256': x5t } : { jkt } });
      });
      const proof = (htm: string, htu: string): Promise<string> => {
        const ath = createHash('sha256').update('key').digest('base64url');
        const claims = { htm, htu, iat: seconds(), jti: randomUUID(), ath };
        return signer.sign(claims, { typ: 'dpop+jwt', kid: undefined, jwk });
      };
      const dpop = async (htm: string, htu: string) => ({ authorization: 'DPoP key', dpop: await proof(htm, htu) });
      const location = locationOf(await revoke('ann', await dpop('POST', host.url + PATH)));
      expect((await read(location, await dpop('GET', location))).status).toBe(200);
      expect((await read(location, await dpop('GET', host.url + PATH))).status).toBe(401);
      const bearer = { authorization: 'Bearer cert', ...shown };
      expect(locationOf(await revoke('ann', bearer))).toMatch(`https://mtls.example${PATH}/`);
      expect((await read(locationOf(await revoke('ann', bearer)), bearer)).status).toBe(200);
    });

    test('the address is below the published URL, also with a prefix, versions and an issuer with a path', async () => {
      const configure: HostOptions['configure'] = (app) => {
        app.setGlobalPrefix('tenant/api');
        app.enableVersioning({ type: VersioningType.URI });
      };
      await start({ configure, issuerPath: '/tenant', extras: { version: '2' } });
      const { global_token_revocation_endpoint: endpoint } = await host.app.get(RevocationMetadata).claims();
      const location = locationOf(await revoke('ann', as(operator), new URL(endpoint!).pathname));
      expect(location.replace(/[\w-]{96}$/, '')).toBe(`${endpoint}/`);
      expect((await read(location)).status).toBe(200);
    });

    test('without a key there are no addresses', async () => {
      await start({ options: { auditKey: undefined as never } });
      const answers = [await revoke('ann'), await revoke('nobody')];
      expect(answers.map(({ status, headers }) => [status, headers.location])).toEqual([
        [204, undefined],
        [204, undefined],
      ]);
      expect((await read(`${host.url}${PATH}/${'A'.repeat(96)}`)).status).toBe(404);
    });
  },
);
