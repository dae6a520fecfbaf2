import { exportJWK, type JWK } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../src/conformance/credentials.js';
import { groups } from '../../src/conformance/requirements/all.js';
import { run } from '../../src/conformance/run.js';
import { select } from '../../src/conformance/selection.js';
import { Target } from '../../src/conformance/target.js';
import type { TargetOptions } from '../../src/conformance/target-options.js';
import { register } from '../module/caller/clients.js';
import { Signer } from '../module/caller/signer.js';
import { conformanceTarget } from '../support/conformance.js';
import { databases } from '../support/databases.js';
import { basic } from '../support/operator.js';
import { demoOperator } from '../support/people.js';
import { serverFixture } from '../support/server.js';

const issuer = 'https://idp.example.com';
const signer = await Signer.create();
const identityProviders = [{ id: 'idp', issuers: [issuer], keys: { jwks: signer.jwks } }];

describe('callers of every kind', () => {
  const server = serverFixture(databases[0]!, { env: { GTR_IDENTITY_PROVIDERS: JSON.stringify(identityProviders) } });
  let key: JWK;
  beforeAll(async () => {
    const metadata = { token_endpoint_auth_method: 'private_key_jwt', jwks: signer.jwks };
    await register(server, 'signer', null, { metadata });
    const { kid, alg } = signer.jwk;
    key = { ...(await exportJWK(signer.privateKey)), kid, alg };
  });

  const operator = basic(demoOperator.clientId, demoOperator.secret);

  async function accessToken(): Promise<string> {
    const answer = await fetch(`${server.local}/token`, {
      method: 'POST',
      headers: { authorization: operator },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'global_token_revocation' }),
    });
    return ((await answer.json()) as { access_token: string }).access_token;
  }

  /** Outcome of each requirement of these sections, and why it is not tested. */
  async function outcomes(options: Partial<TargetOptions>, ...only: string[]): Promise<Record<string, string>> {
    const results = await run(conformanceTarget(server, options), select(groups, { only }));
    return Object.fromEntries(
      results.map(({ requirement: { id }, outcome, detail }) => [id, detail ? `${outcome}: ${detail}` : outcome]),
    );
  }

  const needsSecret = 'not tested: needs a caller with client_id and client_secret (--client-id)';

  test.each<[string, () => Caller | Promise<Caller>]>([
    ['an access token', async () => ({ access_token: await accessToken() })],
    ['any Authorization header', () => ({ authorization: operator })],
  ])('%s: does not test requirements that need a client secret', async (_title, caller) => {
    const sections = ['draft-06 §3.2 (a)', 'draft-06 §3.2 (d)', 'draft-06 §3.4.2 (f)', 'draft-06 §3.4.2 (g)'];
    expect(await outcomes({ caller: await caller() }, ...sections, 'RFC 9449 §7.2')).toEqual({
      'draft-06 §3.2 (a)': 'passed',
      'draft-06 §3.2 (d)': needsSecret,
      'draft-06 §3.4.2 (f)': 'passed',
      'draft-06 §3.4.2 (g)': needsSecret,
      'RFC 9449 §7.2': needsSecret,
    });
  });

  test.each<[string, () => Partial<TargetOptions>]>([
    ['a client that signs', () => ({ assertion_caller: { client_id: 'signer', key } })],
    ['an identity provider', () => ({ identity_provider: { issuer, key } })],
  ])('%s as the only caller: signs each request', async (_title, options) => {
    const target = new Target({ base_url: server.local, ...options() });
    const only = ['draft-06 §3.1 (c)', 'draft-06 §3.2 (a)', 'draft-06 §3.4.2 (a)', 'RFC 9493 §3.2.2 (b)'];
    const results = await run(target, select(groups, { only }));
    expect(results.map(({ outcome, detail }) => [outcome, detail])).toEqual(only.map(() => ['passed', '']));
  });

  test('uses the issuer of the metadata as aud when the base URL has a trailing slash', async () => {
    const options = { base_url: `${server.local}/`, assertion_caller: { client_id: 'signer', key } };
    expect(await outcomes(options, 'RFC 7523 §3 (a)')).toEqual({ 'RFC 7523 §3 (a)': 'passed' });
  });
});
