import type { DataSource, EntityMetadata } from 'typeorm';
import { isDriverError } from '../database/driver-errors.js';
import { onPrimary } from '../database/primary.js';
import { fatal, type Finding } from './finding.js';

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
  const findings = await Promise.all(ours.map((metadata) => tableFinding(dataSource, metadata)));
  return findings.filter((finding) => finding !== undefined);
}

async function tableFinding(dataSource: DataSource, metadata: EntityMetadata): Promise<Finding | undefined> {
  const { tableName, givenTableName, name, target } = metadata;
  if (tableName !== givenTableName) {
    const message = `the table ${givenTableName} is called ${tableName}: remove \`entityPrefix\`, because the statements and migrations of the module do not use it`;
    return fatal('tables', message);
  }
  try {
    await onPrimary(dataSource, (manager) => manager.createQueryBuilder(target, 'row').where('1 = 0').getMany());
    return undefined;
  } catch (error) {
    if (!isDriverError(error, 'missingSchema')) throw error;
    const list = name === 'OidcRecord' ? 'oidcProviderMigrations' : 'coreMigrations';
    const message = `the table ${tableName} does not match its entity (${(error as Error).message}): run the migrations: add ...${list} to the \`migrations\` of the DataSource and set \`migrationsRun: true\`, or run them with your own`;
    return fatal('tables', message);
  }
}
