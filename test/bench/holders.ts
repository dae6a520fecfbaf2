import type Provider from 'oidc-provider';
import type { DataSource } from 'typeorm';
import { inheritEpoch, runInEpochContext } from '../../src/module/oidc-provider/epoch-context.js';
import { onPrimary } from '../../src/module/database/primary.js';
import { run } from '../../src/module/database/statement.js';
import { UPSERT_COLUMNS } from '../../src/module/oidc-provider/record-statements.js';
import { OpUser } from '../../src/reference-op/op/op-user.entity.js';
import { OIDC_PROVIDER } from '../../src/reference-op/op/op.options.js';
import { SubjectEpochs, subjectKey } from '../../src/module/revocation/subject-epochs.js';
import { demoApp } from '../support/people.js';
import type { TestServer } from '../support/server.js';
import { benchUser } from './users.js';

/** A user, and the tokens that are stored for them: access and refresh tokens, half of each. */
export interface Holder {
  uid: string;
  tokens: string[];
}

type Row = unknown[];

/** More tokens than this are copies of rows, which nobody can present: to make a million takes minutes. */
const MADE_MAX = 100_000;

/** Makes a user who holds `count` tokens, and returns up to {@link MADE_MAX} of them. */
export async function makeHolder({ app, dataSource }: TestServer, count: number): Promise<Holder> {
  const uid = `holder-of-${count}`;
  await dataSource.getRepository(OpUser).insert(benchUser(uid));
  const epoch = await app.get(SubjectEpochs).epochForSignIn(uid);
  const rows: Row[] = [];
  const tokens = await runInEpochContext(() => {
    inheritEpoch(uid, epoch);
    return saveTokens(app.get<Provider>(OIDC_PROVIDER), uid, Math.min(count, MADE_MAX), rows);
  });
  await insert(dataSource, rows);
  for (let copies = 1; copies < count / MADE_MAX; copies += 1) await insertCopies(dataSource, uid, copies);
  return { uid, tokens };
}

/** Saves tokens the way the provider does, up to the statement, of which the row is kept for {@link insert}. */
async function saveTokens(provider: Provider, accountId: string, count: number, rows: Row[]): Promise<string[]> {
  const client = (await provider.Client.find(demoApp.clientId))!;
  const grant = new provider.Grant({ accountId, clientId: client.clientId });
  grant.addOIDCScope('openid offline_access');
  const common = { accountId, client, grantId: await grant.save(), gty: 'authorization_code', scope: 'openid' };
  const tokens: string[] = [];
  await collecting([provider.AccessToken, provider.RefreshToken], rows, async () => {
    for (let i = 0; i < count; i += 1) {
      const Model = i % 2 === 0 ? provider.AccessToken : provider.RefreshToken;
      tokens.push(await new Model({ ...common, expiresWithSession: false } as never).save());
    }
  });
  return tokens;
}

/** While `work` runs, the adapters of these models hand their sealed rows over instead of writing them one by one. */
async function collecting(models: unknown[], rows: Row[], work: () => Promise<void>): Promise<void> {
  const adapters = models.map((model) => (model as { adapter: { store: unknown } }).adapter);
  const stores = adapters.map(({ store }) => store);
  const collector = { change: async (_sql: string, row: Row) => rows.push(row) };
  for (const adapter of adapters) adapter.store = collector;
  try {
    await work();
  } finally {
    adapters.forEach((adapter, i) => (adapter.store = stores[i]));
  }
}

async function insertCopies(dataSource: DataSource, uid: string, number: number): Promise<void> {
  const [, ...others] = UPSERT_COLUMNS;
  const mark = String(number).padStart(4, 'x');
  await onPrimary(dataSource, (manager) =>
    run(
      manager,
      `INSERT INTO gtr_oidc_record (${UPSERT_COLUMNS.join(', ')})
        SELECT CONCAT('${mark}', SUBSTR(id_hash, 5)), ${others.join(', ')}
        FROM gtr_oidc_record WHERE subject_hash = ? AND id_hash NOT LIKE 'x%'`,
      [subjectKey(uid)],
    ),
  );
}

const BATCH = 500;

async function insert(dataSource: DataSource, rows: Row[]): Promise<void> {
  const marks = `(${UPSERT_COLUMNS.map(() => '?').join(', ')})`;
  await dataSource.transaction(async (manager) => {
    for (let at = 0; at < rows.length; at += BATCH) {
      const batch = rows.slice(at, at + BATCH);
      const values = batch.map(() => marks).join(', ');
      await run(manager, `INSERT INTO gtr_oidc_record (${UPSERT_COLUMNS.join(', ')}) VALUES ${values}`, batch.flat());
    }
  });
}
