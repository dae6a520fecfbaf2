import { format } from 'prettier';
import style from '../../config/prettier.json' with { type: 'json' };

/** Puts these paragraphs between `<!-- name -->` and `<!-- /name -->`, formatted. @throws Error without such marks */
export async function putBetween(markdown: string, name: string, paragraphs: readonly string[]): Promise<string> {
  const between = new RegExp(`(<!-- ${name} -->)[^]*(<!-- /${name} -->)`);
  if (!between.test(markdown)) throw new Error(`there are no marks <!-- ${name} --> and <!-- /${name} -->`);
  const text = markdown.replace(between, (_all, from: string, to: string) => [from, ...paragraphs, to].join('\n\n'));
  return format(text, { ...(style as object), parser: 'markdown' });
}

/** A table; `align` is put under each heading. */
export const table = (head: readonly string[], rows: ReadonlyArray<readonly string[]>, align = '---'): string =>
  [head, head.map((_cell, index) => (index === 0 ? '---' : align)), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
