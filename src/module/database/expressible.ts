import { isDriverError } from './driver-errors.js';
import type { Condition } from './prepared-find.js';

/**
 * Finds rows for which one of the conditions holds. In a column of `latin1` or `utf8mb3`, nobody has a value that the column
 * cannot hold; but the database refuses the whole statement. Then each value is looked for by itself.
 *
 * @throws Error of the driver, also when it refuses values that every column can hold
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

/** Whether the database has refused text that its column cannot hold. Every character set holds ASCII. */
export const isInexpressible = (error: unknown, values: unknown): boolean =>
  isDriverError(error, 'unrepresentable') ||
  (isDriverError(error, 'inexpressible') && /[^\0-\x7f]/.test(JSON.stringify(values)));

/** The condition for each combination of its values. */
function oneByOne(condition: Condition): Condition[] {
  return Object.entries(condition).reduce<Condition[]>(
    (done, [name, values]) => done.flatMap((each) => values.map((value) => ({ ...each, [name]: [value] }))),
    [{}],
  );
}
