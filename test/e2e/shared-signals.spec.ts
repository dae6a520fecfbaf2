import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { beforeAll, expect, test, vi } from 'vitest';
import { Client } from '../../src/module/caller/clients/client.entity.js';
import { sha256Hex } from '../../src/module/database/digest.js';
import { Browser } from '../support/browser.js';
import { describeEachServer } from '../support/databases.js';
import { revokePerson } from '../support/operator.js';
import { alice, demoApp } from '../support/people.js';
import { RelyingParty } from '../support/relying-party.js';
import { walkThrough } from '../support/sign-in.js';
import { serverFixture } from '../support/server.js';

const PATIENT = { timeout: 50_000, interval: 50 };
const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
const receiver = { clientId: 'receiver', secret: demoApp.secret };

describeEachServer('shared signals', (database) => {
  const server = serverFixture(database, {
    env: { GTR_SHARED_SIGNALS: 'on', GTR_FEATURE_FLAGS: 'SHARED_SIGNALS=on' },
  });
  let token: string;
  let metadata: Record<string, string>;

  beforeAll(async () => {
    const clients = server.dataSource.getRepository(Client);
    const row = await clients.findOneByOrFail({ clientIdHash: sha256Hex(demoApp.clientId) });
    const { clientId } = receiver;
    const scope = 'ssf.manage ssf.read';
    const metadataOfClient = {
      ...row.metadata,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    };
    const own = { clientId, clientIdHash: sha256Hex(clientId), scope, metadata: metadataOfClient };
    await clients.save(Object.assign(row, own));
    token = await tokenFor(scope);
    metadata = (await (await fetch(`${server.url}/.well-known/ssf-configuration`)).json()) as typeof metadata;
  });

  async function tokenFor(scope: string): Promise<string> {
    const basic = Buffer.from(`${receiver.clientId}:${receiver.secret}`).toString('base64');
    const response = await fetch(`${server.url}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
    });
    return ((await response.json()) as { access_token: string }).access_token;
  }

  async function call(
    url: string,
    body: object | undefined,
    method = 'POST',
  ): Promise<{ status: number; body: never }> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as never };
  }

  test('a receiver with its own token fetches the revocation of a user it has added, and acknowledges it', async () => {
    const created = await call(metadata['configuration_endpoint']!, { events_requested: [SESSION_REVOKED] });
    expect(created).toMatchObject({ status: 201 });
    const { stream_id, delivery } = created.body as { stream_id: string; delivery: { endpoint_url: string } };
    expect(await call(metadata['configuration_endpoint']!, {})).toMatchObject({ status: 409 });
    const subject = { format: 'iss_sub', iss: server.url, sub: alice.id };
    expect(await call(metadata['add_subject_endpoint']!, { stream_id, subject })).toMatchObject({ status: 200 });
    expect(await call(metadata['add_subject_endpoint']!, { stream_id, subject })).toMatchObject({ status: 200 });
    await revokePerson(server, alice);
    let sets: Record<string, string> = {};
    await vi.waitFor(async () => {
      const { body } = await call(delivery.endpoint_url, { returnImmediately: true });
      ({ sets } = body as { sets: typeof sets });
      expect(Object.keys(sets)).toHaveLength(1);
    }, PATIENT);
    const [[jti, set]] = Object.entries(sets) as [[string, string]];
    const keys = createRemoteJWKSet(new URL(metadata['jwks_uri']!));
    const checks = { issuer: server.url, audience: receiver.clientId, typ: 'secevent+jwt', algorithms: ['RS256'] };
    const { payload } = await jwtVerify<JWTPayload & { sub_id: object }>(set, keys, checks);
    expect(payload).toMatchObject({ jti, sub_id: subject });
    expect(await call(delivery.endpoint_url, { maxEvents: 0, ack: [jti] })).toMatchObject({ body: { sets: {} } });
    const strange = { ack: ['\0', '\ud800'], setErrs: { '\0': { err: 'x' }, [jti]: { err: 'late\0' }, other: {} } };
    expect(await call(delivery.endpoint_url, { maxEvents: 0, ...strange })).toMatchObject({ status: 200 });
    const nobodys = `${metadata['configuration_endpoint']}?stream_id=%00`;
    expect(await call(nobodys, undefined, 'GET')).toMatchObject({ status: 404 });

    expect(await call(metadata['status_endpoint']!, { stream_id, status: 'paused' })).toMatchObject({ status: 200 });
    expect(await call(delivery.endpoint_url, { returnImmediately: true })).toMatchObject({ body: { sets: {} } });
    expect(await call(metadata['verification_endpoint']!, { stream_id })).toMatchObject({ status: 204 });
    expect(await call(metadata['verification_endpoint']!, { stream_id })).toMatchObject({ status: 429 });
    expect(await call(metadata['status_endpoint']!, { stream_id, status: 'disabled' })).toMatchObject({ status: 200 });
    const url = `${metadata['configuration_endpoint']}?stream_id=${stream_id}`;
    expect(await call(url, undefined, 'DELETE')).toMatchObject({ status: 204 });
  });

  test.each(['ssf.read', 'ssf.manage'])('no person gets the scope %s, even if the client has it', async (scope) => {
    const clients = server.dataSource.getRepository(Client);
    await clients.update({ clientIdHash: sha256Hex(demoApp.clientId) }, { scope: () => `'openid ${scope}'` });
    const app = await RelyingParty.discover(server, demoApp);
    const browser = new Browser(server.url);
    const { url } = await walkThrough(
      browser,
      await browser.open((await app.request({ scope: `openid ${scope}` })).url),
      alice,
    );
    expect(url.searchParams.get('error')).toBe('invalid_scope');
  });
});
