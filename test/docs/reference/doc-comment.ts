/** What a doc comment says. */
export interface DocComment {
  /** In Markdown, on one line. */
  meaning: string;
  /** `@default`, as it is written. */
  usual: string | undefined;
  /** Every `@see`. */
  sources: string[];
}

/** @param comment from `/**` to its end; nothing said when there is none */
export function readComment(comment = ''): DocComment {
  const text = comment
    .replace(/^\/\*\*|\*\/$/g, '')
    .replaceAll(/^[ \t]*\*[ \t]?|@publicApi\b/gm, '')
    .replaceAll(/\{@link ([^}]+)\}/g, '`$1`');
  const [meaning = '', ...tags] = text.split(/(?:^|\s)@(?=[a-z]+\s)/);
  const all = tags.map((tag) => /^(\S+)\s+([^]*)$/.exec(tag)!.slice(1) as [name: string, text: string]);
  const said = (name: string): string[] => all.filter(([each]) => each === name).map(([, rest]) => oneLine(rest));
  return { meaning: oneLine(meaning), usual: said('default')[0], sources: said('see') };
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
