/** Whatever is not known in advance: a label that anybody could choose would fill the memory. */
export const OTHER = 'other';

/** Nothing was found out. */
export const NONE = 'none';

/** Makes a function that gives values of a label: those that are known, `other` and `none`. */
export function boundedLabel(known: Iterable<string>): (value: string | undefined) => string {
  const values = new Set(known);
  return (value) => (value === undefined ? NONE : values.has(value) ? value : OTHER);
}
