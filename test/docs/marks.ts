/** Puts paragraphs between `<!-- name -->` and `<!-- /name -->`. @throws Error without such marks */
export function putBetween(markdown: string, name: string, paragraphs: readonly string[]): string {
  const between = new RegExp(`(<!-- ${name} -->)[^]*(<!-- /${name} -->)`);
  if (!between.test(markdown)) throw new Error(`there are no marks <!-- ${name} --> and <!-- /${name} -->`);
  return markdown.replace(between, (_all, from: string, to: string) => [from, ...paragraphs, to].join('\n\n'));
}

/** A table without padding; `align` is put under each heading. */
export const table = (head: readonly string[], rows: ReadonlyArray<readonly string[]>, align = '---'): string =>
  [head, head.map((_cell, index) => (index === 0 ? '---' : align)), ...rows]
    .map((row) => `|${row.map((cell) => (cell === '' ? ' ' : ` ${cell} `)).join('|')}|`)
    .join('\n');
