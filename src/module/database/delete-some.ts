import {
  type DataSource,
  type EntityTarget,
  type FindOptionsSelect,
  type FindOptionsWhere,
  In,
  type ObjectLiteral,
} from 'typeorm';
import { onPrimary } from './primary.js';

/**
 * Deletes at most `limit` rows, by keys that are read before, so that no other rows are locked.
 *
 * @param key property of the primary key
 * @returns their number
 */
export function deleteSome<Row extends ObjectLiteral>(
  dataSource: DataSource,
  entity: EntityTarget<Row>,
  key: keyof Row & string,
  where: FindOptionsWhere<Row>,
  limit: number,
): Promise<number> {
  return onPrimary(dataSource, async (manager) => {
    const rows = await manager.find(entity, { select: { [key]: true } as FindOptionsSelect<Row>, where, take: limit });
    const these = { [key]: In(rows.map((row) => row[key])) } as FindOptionsWhere<Row>;
    if (rows.length > 0) await manager.delete(entity, these);
    return rows.length;
  });
}
