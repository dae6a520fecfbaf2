import { createConnection, type Connection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FeatureFlags } from '../../src/module/feature-flags/feature-flags.service.js';
import { AccountsService } from '../../src/reference-op/op/accounts.service.js';
import { RevocationService } from '../../src/module/revocation/revocation.service.js';
import { SubjectEpochs } from '../../src/module/revocation/subject-epochs.js';
import { databases } from '../support/databases.js';
import { alice } from '../support/people.js';
import { serverFixture, type TestServer } from '../support/server.js';

const mariaDb = databases[1]!;

describe.skipIf(!mariaDb.available)('tables locked by somebody else (mariadb)', () => {
  const server = serverFixture(mariaDb, { env: { GTR_DATABASE_TIMEOUT_MS: '300' } });
  let other: Connection;

  beforeAll(async () => {
    const { hostname, port, username, password, pathname } = new URL(server.databaseUrl);
    const account = { host: hostname, port: Number(port), user: username, password };
    other = await createConnection({ ...account, database: pathname.slice(1) });
  });
  afterAll(() => other.end());
  beforeEach(() => other.query('LOCK TABLES gtr_subject_epoch WRITE, op_user WRITE, gtr_feature_flag WRITE'));
  afterEach(() => other.query('UNLOCK TABLES'));

  const unavailable = expect.objectContaining({ status: 503, error: 'temporarily_unavailable' }) as Error;

  test.each<[string, (server: TestServer) => Promise<unknown>]>([
    ['reading the epoch of a user', ({ app }) => app.get(SubjectEpochs).current(alice.id)],
    ['reading the epoch for a new sign-in', ({ app }) => app.get(SubjectEpochs).epochForSignIn('new')],
    ['reading the epochs of several users', ({ app }) => app.get(SubjectEpochs).currentOf(['x'])],
    ['a revocation in process', ({ app }) => app.get(RevocationService).revoke(alice.id, { actor: 'test' })],
    ['reading an account', ({ app }) => app.get(AccountsService).find(alice.id)],
    ['reading the name of an account', ({ app }) => app.get(AccountsService).nameOf(alice.id)],
    ['a sign-in', ({ app }) => app.get(AccountsService).signIn(alice.id, alice.password)],
    ['reading the flags', ({ app }) => app.get(FeatureFlags).list()],
    ['setting a flag', ({ app }) => app.get(FeatureFlags).set('GLOBAL_TOKEN_REVOCATION', true, 'test')],
  ])('%s fails as unavailable within the deadline', async (_title, ask) => {
    const begun = Date.now();
    await expect(ask(server)).rejects.toEqual(unavailable);
    expect(Date.now() - begun).toBeLessThan(2000);
  });
});
