import { exportJWK, type JWK } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { groups } from '../../src/conformance/requirements/all.js';
import { identityProvider } from '../../src/conformance/requirements/identity-provider.js';
import { run } from '../../src/conformance/run.js';
import { select } from '../../src/conformance/selection.js';
import type { TargetOptions } from '../../src/conformance/target-options.js';
import { register } from '../module/caller/clients.js';
import { Signer } from '../module/caller/signer.js';
import { conformanceTarget } from '../support/conformance.js';
import { databases } from '../support/databases.js';
import { bob } from '../support/people.js';
import { serverFixture } from '../support/server.js';

const issuer = 'https://idp.example.com';
const signer = await Signer.create();
const untyped = { issuer: 'https://untyped.example.com', subject: 'our-app', typ: '' };
const keys = { jwks: signer.jwks };
const identityProviders = [
  { id: 'idp', issuers: [issuer], keys },
  { id: 'untyped', issuers: [untyped.issuer], subject: untyped.subject, acceptUntyped: true, keys },
];

describe('callers without restrictions', () => {
  const server = serverFixture(databases[0]!, { env: { GTR_IDENTITY_PROVIDERS: JSON.stringify(identityProviders) } });
  let callers: Partial<TargetOptions>;
  let key: JWK;
  beforeAll(async () => {
    await register(server, 'unrestricted', 'secret-of-unrestricted');
    const { kid, alg } = signer.jwk;
    key = { ...(await exportJWK(signer.privateKey)), kid, alg };
    const outside = { format: 'email', email: bob.email };
    callers = {
      restricted_caller: { client_id: 'unrestricted', client_secret: 'secret-of-unrestricted', outside },
      identity_provider: { issuer, key, outside },
    };
  });

  test.each([
    ['draft-06 §7.2 (a)', 'expected status 404, got 204'],
    ['draft-06 §7.2 (b)', 'the person was revoked although the request was rejected'],
    ['draft-06 §7.1 (d)', 'expected status 404, got 204'],
  ])('%s gives a warning that explains the problem', async (id, detail) => {
    const results = await run(conformanceTarget(server, callers), select(groups, { only: [id] }));
    expect(results.map(({ outcome, detail }) => [outcome, detail])).toEqual([['warning', detail]]);
  });

  test('all requirements of identity providers pass for JWTs without typ', async () => {
    const target = conformanceTarget(server, { identity_provider: { ...untyped, key } });
    const results = await run(target, [identityProvider]);
    const others = results.filter(({ outcome }) => outcome !== 'passed');
    expect(others.map(({ requirement, detail }) => [requirement.id, detail])).toEqual([
      ['draft-06 §7.1 (d)', 'needs identity_provider.outside in --config'],
    ]);
  });

  test('draft-06 §7.2 (b) is not tested when outside differs from the other user of the sign-in command', async () => {
    const restricted = { ...callers.restricted_caller!, outside: { format: 'opaque', id: 'somebody' } };
    const target = conformanceTarget(server, { restricted_caller: restricted });
    const results = await run(target, select(groups, { only: ['draft-06 §7.2 (b)'] }));
    expect(results.map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ['not tested', 'needs "outside" to be an identifier that --sign-in prints for WHO=other'],
    ]);
  });
});
