import type { DataSource, ObjectLiteral } from 'typeorm';
import { onPrimary } from '../database/primary.js';
import { isPostgres, isSqlite } from '../database/sql-dialect.js';
import type { ResolvedUserSource } from '../options/users.options.js';
import { HostTable } from '../revocation/targets/host-table.js';
import type { HostTargetPlan } from '../revocation/targets/host-target-plan.js';
import { fatal, type Finding, warning } from './finding.js';
import { unlessMissing } from './missing-schema.js';

/** Account ids that are looked at, in no particular order. */
const SAMPLE = 50;

/** Targets whose `userColumn` cannot hold account ids: a revocation would be answered with 204 and end none of their rows. */
export async function unmatchedTargets(
  dataSource: DataSource,
  plans: readonly HostTargetPlan[],
  users: ResolvedUserSource | undefined,
): Promise<Finding[]> {
  if (!users || plans.length === 0 || !dataSource.hasMetadata(users.entity)) return [];
  const table = new HostTable(dataSource, dataSource.getMetadata(users.entity));
  const column = table.column(users.subject);
  if (!column) return [];
  const isUuid = column.generationStrategy === 'uuid' || table.kindOf(column) === 'uuid';
  const ids = isUuid ? [SOME_UUID] : table.kindOf(column) === 'integer' ? [] : await accountIds(dataSource, users);
  const isNumber = table.kindOf(column) === 'integer';
  return plans.flatMap((plan) => {
    const { user, table: own } = plan;
    const what = `userColumn '${user.propertyName}' of ${own.path} is of the type ${typeOf(plan)}`;
    const fix = `store the account id (${users.subject} of ${table.metadata.name}) in the column that userColumn names`;
    if (isNumber && own.kindOf(user) === 'uuid')
      return [fatal('targets', `${what}, but account ids are numbers, so no row ever ends: ${fix}`)];
    const unfit = ids.filter((id) => !fits(dataSource, plan, id)).length;
    if (unfit === 0) return [];
    if (unfit === ids.length)
      return [fatal('targets', `${what}, which holds no account id, so no row ever ends: ${fix}`)];
    return [warning('targets', `${what}, which cannot hold some account ids, whose rows never end: ${fix}`)];
  });
}

const SOME_UUID = '00000000-0000-4000-8000-000000000000';

const typeOf = ({ table, user }: HostTargetPlan): string =>
  table.typeOf(user) + (user.length === '' ? '' : `(${user.length})`);

/** Whether a column can have this as its value. SQLite keeps no length. */
function fits(dataSource: DataSource, { table, user }: HostTargetPlan, id: string): boolean {
  if (table.kindOf(user) === 'integer' && !isPostgres(dataSource)) return /^(?:0|-?[1-9]\d*)$/.test(id);
  const isTooLong = !isSqlite(dataSource) && user.length !== '' && Array.from(id).length > Number(user.length);
  return !isTooLong && table.canHold(user, id);
}

async function accountIds(dataSource: DataSource, { entity, subject }: ResolvedUserSource): Promise<string[]> {
  const sample = onPrimary(dataSource, (manager) =>
    manager
      .createQueryBuilder<ObjectLiteral>(entity, 'user')
      .select(`user.${subject}`)
      .withDeleted()
      .limit(SAMPLE)
      .getMany(),
  );
  return (await unlessMissing(sample))?.map((user) => String(user[subject])) ?? [];
}
