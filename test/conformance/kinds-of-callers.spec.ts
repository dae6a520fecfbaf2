import { exportJWK, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../src/conformance/credentials.js';
import { run } from '../../src/conformance/run.js';
import { Target, type TargetOptions } from '../../src/conformance/target.js';
import { register } from '../module/caller/clients.js';
import { Signer } from '../module/caller/signer.js';
import { conformanceTarget } from '../support/conformance.js';
import { databases } from '../support/databases.js';
import { basic } from '../support/operator.js';
import { demoOperator } from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';

const issuer = 'https://idp.example.com';
const signer = await Signer.create();
const connections = [{ id: 'idp', issuers: [issuer], keys: { jwks: signer.jwks } }];

describe('callers of every kind', () => {
  let server: TestServer;
  let key: JWK;
  beforeAll(async () => {
    server = await startServer(databases[0]!, { env: { GTR_CONNECTIONS: JSON.stringify(connections) } });
    const metadata = { token_endpoint_auth_method: 'private_key_jwt', jwks: signer.jwks };
    await register(server, 'signer', null, { metadata });
    const { kid, alg } = signer.jwk;
    key = { ...(await exportJWK(signer.privateKey)), kid, alg };
  });
  afterAll(() => server.stop());

  const operator = basic(demoOperator.clientId, demoOperator.secret);

  async function accessToken(): Promise<string> {
    const answer = await fetch(`${server.local}/token`, {
      method: 'POST',
      headers: { authorization: operator },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'global_token_revocation' }),
    });
    return ((await answer.json()) as { access_token: string }).access_token;
  }

  /** Title → outcome, and why it is not tested, of the clauses with these numbers. */
  async function outcomes(options: Partial<TargetOptions>, ...only: number[]): Promise<Record<string, string>> {
    const results = await run(conformanceTarget(server, options), new Set(only));
    return Object.fromEntries(
      results.map(({ clause: { title }, outcome, detail }) => [title, detail ? `${outcome}: ${detail}` : outcome]),
    );
  }

  const needsSecret = 'not tested: needs a caller with client_id and client_secret';

  test.each<[string, () => Caller | Promise<Caller>]>([
    ['an access token', async () => ({ access_token: await accessToken() })],
    ['any Authorization header', () => ({ authorization: operator })],
  ])('%s → tested with it; what needs a secret is not tested', async (_title, caller) => {
    expect(await outcomes({ caller: await caller() }, 2, 5, 14, 48)).toEqual({
      'method other than POST → refused': 'passed',
      'form instead of JSON → refused': 'passed',
      'a second member beside sub_id → 400': 'passed',
      'no sub_id → 400': 'passed',
      'no credentials → 401': 'passed',
      'wrong secret → 401': needsSecret,
      'unknown client → 401': needsSecret,
      'bound token with its proof → 204': needsSecret,
    });
  });

  test.each<[string, () => Partial<TargetOptions>]>([
    ['a client that signs', () => ({ assertion_caller: { client_id: 'signer', key } })],
    ['an identity provider', () => ({ connection: { issuer, key } })],
  ])('no caller but %s → every request is signed anew', async (_title, options) => {
    const target = new Target({ base_url: server.local, ...options() });
    const results = await run(target, new Set([2, 5, 12, 13, 29, 32]));
    const notPassed = results.filter(({ outcome }) => outcome !== 'passed').map(({ clause }) => clause.title);
    expect(notPassed.filter((title) => !/^(did|uri) |of the person/.test(title))).toEqual([]);
    expect(results.length - notPassed.length).toBeGreaterThanOrEqual(14);
  });

  test('a base URL with a slash at its end → assertions are made for the issuer of the metadata', async () => {
    const options = { base_url: `${server.local}/`, assertion_caller: { client_id: 'signer', key } };
    expect(await outcomes(options, 45)).toMatchObject({ 'valid client assertion → 204': 'passed' });
  });
});
