import { format } from 'prettier';
import style from '../../config/prettier.json' with { type: 'json' };

/** Puts paragraphs between `<!-- name -->` and `<!-- /name -->`, formatted. @throws Error without such marks */
export function putBetween(markdown: string, paragraphs: Record<string, readonly string[]>): Promise<string> {
  let text = markdown;
  for (const [name, texts] of Object.entries(paragraphs)) {
    const between = new RegExp(`(<!-- ${name} -->)[^]*(<!-- /${name} -->)`);
    if (!between.test(text)) throw new Error(`there are no marks <!-- ${name} --> and <!-- /${name} -->`);
    text = text.replace(between, (_all, from: string, to: string) => [from, ...texts, to].join('\n\n'));
  }
  return format(text, { ...(style as object), parser: 'markdown' });
}

/** A table; `align` is put under each heading. */
export const table = (head: readonly string[], rows: ReadonlyArray<readonly string[]>, align = '---'): string =>
  [head, head.map((_cell, index) => (index === 0 ? '---' : align)), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
