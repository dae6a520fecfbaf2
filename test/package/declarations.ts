import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const declarationOf = (file: string): string => file.replace(/(c?)js$/, 'd.$1ts');

/** The declarations of the last build that belong to these files, and all that they import. */
export async function declarationsFrom(entries: readonly string[]): Promise<Set<string>> {
  const reached = new Set<string>();
  const follow = async (path: string): Promise<void> => {
    if (reached.has(path)) return;
    reached.add(path);
    const { importedFiles } = ts.preProcessFile(await readFile(path, 'utf8'), true, true);
    const relative = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith('.'));
    for (const name of relative) await follow(declarationOf(join(dirname(path), name)));
  };
  for (const entry of entries) await follow(declarationOf(join(entry)));
  return reached;
}
