import { exportJWK, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../src/conformance/run.js';
import type { TargetOptions } from '../../src/conformance/target.js';
import { register } from '../module/caller/clients.js';
import { Signer } from '../module/caller/signer.js';
import { conformanceTarget } from '../support/conformance.js';
import { databases } from '../support/databases.js';
import { bob } from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';

const issuer = 'https://idp.example.com';
const signer = await Signer.create();
const untyped = { issuer: 'https://untyped.example.com', subject: 'our-app', typ: '' };
const keys = { jwks: signer.jwks };
const connections = [
  { id: 'idp', issuers: [issuer], keys },
  { id: 'untyped', issuers: [untyped.issuer], subject: untyped.subject, acceptUntyped: true, keys },
];

describe('callers without limits', () => {
  let server: TestServer;
  let callers: Partial<TargetOptions>;
  let key: JWK;
  beforeAll(async () => {
    server = await startServer(databases[0]!, { env: { GTR_CONNECTIONS: JSON.stringify(connections) } });
    await register(server, 'unlimited', 'secret-of-unlimited');
    const { kid, alg } = signer.jwk;
    key = { ...(await exportJWK(signer.privateKey)), kid, alg };
    const outside = { format: 'email', email: bob.email };
    callers = {
      limited_caller: { client_id: 'unlimited', client_secret: 'secret-of-unlimited', outside },
      connection: { issuer, key, outside },
    };
  });
  afterAll(() => server.stop());

  test.each([
    [22, 'expected status 404, got 204'],
    [23, 'the person was revoked all the same'],
    [24, 'expected status 404, got 204'],
  ])('%i → a warning that says what is wrong', async (number, detail) => {
    const results = await run(conformanceTarget(server, callers), new Set([number]));
    expect(results.map(({ outcome, detail }) => [outcome, detail])).toEqual([['warning', detail]]);
  });

  test('an identity provider whose JWTs have no typ → every clause about its requests passes', async () => {
    const target = conformanceTarget(server, { connection: { ...untyped, key } });
    const results = await run(target, new Set([52, 53, 54, 55, 56, 58]));
    expect(results.map(({ outcome, detail }) => [outcome, detail])).toEqual(results.map(() => ['passed', '']));
    expect(results.length).toBe(10);
  });

  test('somebody outside who is not the other of the sign-in command → 23 is not tested', async () => {
    const limited = { ...callers.limited_caller!, outside: { format: 'opaque', id: 'somebody' } };
    const results = await run(conformanceTarget(server, { limited_caller: limited }), new Set([23, 24]));
    expect(results.map(({ outcome }) => outcome)).toEqual(['not tested', 'not tested']);
  });
});
