/** Label for unknown values, because unbounded labels would fill the memory. */
export const OTHER = 'other';

/** Label for missing values. */
export const NONE = 'none';

/** Returns a function that keeps known values and maps others to `other`, and missing ones to `none`. */
export function boundedLabel(known: Iterable<string>): (value: string | undefined) => string {
  const values = new Set(known);
  return (value) => (value === undefined ? NONE : values.has(value) ? value : OTHER);
}
