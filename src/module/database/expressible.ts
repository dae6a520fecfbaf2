import { isDriverError } from './driver-errors.js';
import type { Condition } from './prepared-find.js';

/**
 * Finds rows that match one of the conditions. If a column of `latin1` or `utf8mb3` cannot hold a value, no row has that
 * value, but the database rejects the whole statement. This then searches for each value separately.
 *
 * @throws the driver's error, also if it rejects values that every column can hold
 */
export async function expressible<Row>(
  anyOf: readonly Condition[],
  find: (anyOf: readonly Condition[]) => Promise<Row[]>,
): Promise<Row[]> {
  try {
    return await find(anyOf);
  } catch (error) {
    if (!isInexpressible(error, anyOf)) throw error;
    const each = anyOf.flatMap(oneByOne);
    if (each.length === 1) return [];
    const found: Row[] = [];
    for (const one of each) found.push(...(await expressible([one], find)));
    return found;
  }
}

/** Returns whether the database rejected text that its column cannot hold. Every character set includes ASCII. */
export const isInexpressible = (error: unknown, values: unknown): boolean =>
  isDriverError(error, 'unrepresentable') ||
  (isDriverError(error, 'inexpressible') && /[^\0-\x7f]/.test(JSON.stringify(values)));

/** Splits a condition into one for each combination of its values. */
function oneByOne(condition: Condition): Condition[] {
  return Object.entries(condition).reduce<Condition[]>(
    (done, [name, values]) => done.flatMap((each) => values.map((value) => ({ ...each, [name]: [value] }))),
    [{}],
  );
}
