import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { FeatureFlags } from '../../src/module/feature-flags/feature-flags.service.js';
import { clock } from '../support/clock.js';
import { describeEachDatabase } from '../support/databases.js';
import { revoke } from '../support/operator.js';
import { startServer, type TestServer } from '../support/server.js';

const FLAG = 'GLOBAL_TOKEN_REVOCATION';
const documents = ['openid-configuration', 'oauth-authorization-server'];
const ENDPOINT = 'global_token_revocation_endpoint';
const CLAIMS = [ENDPOINT, `${ENDPOINT}_auth_methods_supported`, `${ENDPOINT}_auth_signing_alg_values_supported`];
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

async function claimsOf({ url }: TestServer, name: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/.well-known/${name}`);
  expect(response.status).toBe(200);
  const document = (await response.json()) as Record<string, unknown>;
  expect(document['issuer']).toBe(url);
  expect(Object.keys(document).filter((key) => key.startsWith('global_') && !CLAIMS.includes(key))).toEqual([]);
  return Object.fromEntries(CLAIMS.filter((key) => key in document).map((key) => [key, document[key]]));
}

describeEachDatabase('two nodes on one database', (database) => {
  const nodes: TestServer[] = [];
  const pass = clock();

  beforeAll(async () => {
    const dataDir = await mkdtemp(join(inject('tempDir'), 'keys-'));
    nodes.push(await startServer(database, { dataDir }));
    nodes.push(await startServer(database, { dataDir, databaseUrl: nodes[0]!.databaseUrl }));
  });
  afterAll(async () => {
    for (const node of nodes.toReversed()) await node.stop();
  });

  /** What every node says: its endpoint, and its two documents. */
  const standing = () =>
    Promise.all(
      nodes.map(async (node) => ({
        status: (await revoke(node, { format: 'uid', id: 'bob' })).status,
        claims: await Promise.all(documents.map((name) => claimsOf(node, name))),
      })),
    );
  const on = () =>
    nodes.map((node) => {
      const claims = {
        global_token_revocation_endpoint: node.endpoint,
        global_token_revocation_endpoint_auth_methods_supported: [
          'client_secret_basic',
          'private_key_jwt',
          'Bearer',
          'DPoP',
        ],
        global_token_revocation_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
      };
      return { status: 204, claims: [claims, claims] };
    });
  const off = () => nodes.map(() => ({ status: 403, claims: [{}, {}] }));

  test('both documents of both nodes carry the claims after the start', async () => {
    expect(await standing()).toEqual(on());
  });

  test.each([
    ['off', off],
    ['on', on],
    ['off again', off],
    ['on again', on],
  ])('%s on one node reaches every node within a second', async (state, expected) => {
    await standing();
    await nodes[0]!.app.get(FeatureFlags).set(FLAG, state.startsWith('on'), 'test');
    pass(900);
    expect(await standing()).toEqual(expected());
  });

  test('deleting the override restores the configured value within a second', async () => {
    await nodes[0]!.app.get(FeatureFlags).set(FLAG, false, 'test');
    await nodes[1]!.dataSource.query('DELETE FROM gtr_feature_flag');
    await sleep(900);
    expect(await standing()).toEqual(on());
  });

  test('a revocation on one node is recorded in the table of both', async () => {
    await revoke(nodes[1]!, { format: 'uid', id: 'alice' });
    const rows = await nodes[0]!.dataSource.query(`SELECT * FROM gtr_revocation WHERE subject LIKE '%a11c'`);
    expect(rows).toHaveLength(1);
  });
});
