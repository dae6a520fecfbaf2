import { exportJWK } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../src/conformance/run.js';
import type { TargetOptions } from '../../src/conformance/target.js';
import { register } from '../caller/clients.js';
import { Signer } from '../caller/signer.js';
import { conformanceTarget } from '../support/conformance.js';
import { databases } from '../support/databases.js';
import { bob } from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';

const issuer = 'https://idp.example.com';
const signer = await Signer.create();
const connections = [{ id: 'idp', issuers: [issuer], keys: { jwks: signer.jwks } }];

describe('callers that are said to be limited and are not', () => {
  let server: TestServer;
  let callers: Partial<TargetOptions>;
  beforeAll(async () => {
    server = await startServer(databases[0]!, { env: { GTR_CONNECTIONS: JSON.stringify(connections) } });
    await register(server, 'unlimited', 'secret-of-unlimited');
    const { kid, alg } = signer.jwk;
    const outside = { format: 'email', email: bob.email };
    callers = {
      limited_caller: { client_id: 'unlimited', client_secret: 'secret-of-unlimited', outside },
      connection: { issuer, key: { ...(await exportJWK(signer.privateKey)), kid, alg }, outside },
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

  test('somebody outside who is not the other of the sign-in command → 23 is not tested', async () => {
    const limited = { ...callers.limited_caller!, outside: { format: 'opaque', id: 'somebody' } };
    const results = await run(conformanceTarget(server, { limited_caller: limited }), new Set([23, 24]));
    expect(results.map(({ outcome }) => outcome)).toEqual(['not tested', 'not tested']);
  });
});
