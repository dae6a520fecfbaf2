/** The value below which this part of the sorted values lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Standard error of the median: how far from the true one it is likely to be. */
export const errorOfMedian = (values: readonly number[]): number =>
  ((quantile(values, 0.75) - quantile(values, 0.25)) / 1.35) * (1.25 / Math.sqrt(values.length));

/** Some of the items, chosen at random; all of them when there are not more. */
export function sample<T>(items: readonly T[], count: number): T[] {
  const rest = [...items];
  const chosen: T[] = [];
  while (chosen.length < count && rest.length > 0) {
    const at = Math.floor(Math.random() * rest.length);
    chosen.push(rest[at]!);
    rest[at] = rest.at(-1)!;
    rest.pop();
  }
  return chosen;
}

/** A table of right-aligned columns. */
export const table = (rows: ReadonlyArray<ReadonlyArray<string | number>>): string =>
  rows.map((row) => row.map((cell) => String(cell).padStart(14)).join('')).join('\n');
