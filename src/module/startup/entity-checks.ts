import type { DataSource, EntityMetadata } from 'typeorm';
import { onPrimary } from '../database/primary.js';
import { fatal, type Finding } from './finding.js';
import { missingSchema } from './missing-schema.js';

const ADD = 'add ...coreEntities to its `entities`, or set `autoLoadEntities: true`';

/** Alternatives to entities: the host's own implementations. */
const INSTEAD: Readonly<Record<string, string>> = {
  Client: 'or pass your own `clientRegistry`',
  FeatureFlag: 'or pass your own `featureFlagStore`',
};

/** Returns a finding if needed entities are missing from the host's `DataSource`. */
export function missingEntities(dataSource: DataSource, needed: ReadonlyArray<new () => object>): Finding[] {
  const missing = needed.filter((entity) => !dataSource.hasMetadata(entity)).map(({ name }) => name);
  if (missing.length === 0) return [];
  const instead = missing.length === 1 ? INSTEAD[missing[0]!] : undefined;
  const fix = [ADD, instead].filter((way) => way !== undefined).join(', ');
  return [fatal('entities', `the DataSource has no entity ${missing.join(', ')}: ${fix}`)];
}

/** Checks each of our tables whose entity is in the `DataSource`, including the adapter's. */
export async function unreadableTables(dataSource: DataSource): Promise<Finding[]> {
  const ours = dataSource.entityMetadatas.filter(({ givenTableName }) => givenTableName?.startsWith('gtr_'));
  const renamed = ours.find(({ tableName, givenTableName }) => tableName !== givenTableName);
  if (renamed) {
    const message = `the table ${renamed.givenTableName} is called ${renamed.tableName}: remove \`entityPrefix\`, because the statements and migrations of the module do not use it`;
    return [fatal('tables', message)];
  }
  const found = await Promise.all(
    ours.map(async (metadata) => ({ metadata, error: await readError(dataSource, metadata) })),
  );
  const unreadable = found.filter(({ error }) => error !== undefined);
  return [...new Set(unreadable.map(({ metadata }) => migrationsOf(metadata)))].map((list) => {
    const tables = unreadable.filter(({ metadata }) => migrationsOf(metadata) === list);
    const names = tables.map(({ metadata }) => metadata.tableName).join(', ');
    const what =
      tables.length === 1
        ? `the table ${names} does not match its entity`
        : `the tables ${names} do not match their entities`;
    const why = tables.map(({ error }) => error!.message).join('; ');
    const fix = `run the migrations: add ...${list} to the \`migrations\` of the DataSource and set \`migrationsRun: true\`, or run them with your own`;
    return fatal('tables', `${what} (${why}): ${fix}`);
  });
}

/** Returns the exported list of migrations that makes a table of ours. */
function migrationsOf({ tableName }: EntityMetadata): string {
  if (tableName === 'gtr_oidc_record') return 'oidcProviderMigrations';
  return tableName.startsWith('gtr_ssf_') ? 'sharedSignalsMigrations' : 'coreMigrations';
}

/** Why a table cannot be read, if that is because it, or a column, is missing. */
const readError = (dataSource: DataSource, { target }: EntityMetadata): Promise<Error | undefined> =>
  missingSchema(onPrimary(dataSource, (manager) => manager.createQueryBuilder(target, 'row').where('1 = 0').getMany()));
