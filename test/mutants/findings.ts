import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Areas, edited, editsOf, type Mutant } from './mutant.js';

/**
 * Returns what is wrong with the rows, without running them. Titles are often put together from tables: of a title, each word
 * must occur in the spec or in what it imports. Whether the test exists, the runner sees.
 */
export async function findingsOf(areas: Areas): Promise<string[]> {
  const rows = [...areas.values()].flat();
  const names = rows.map(({ name }) => name);
  const twice = names.filter((name, i) => names.indexOf(name) < i);
  const specs = new Map<string, string>();
  for (const spec of new Set(rows.map(({ kills }) => kills.spec))) {
    specs.set(spec, [...(await withImports(spec)).values()].join('\n'));
  }
  const found = await Promise.all(rows.map((row) => findingOf(row, specs.get(row.kills.spec)!)));
  return [
    ...twice.map((name) => `${name}: another mutant has this name`),
    ...names.filter((name) => areas.has(name)).map((name) => `${name}: an area has this name`),
    ...found.filter((finding) => finding !== undefined),
  ];
}

/** @param source of the spec and what it imports */
async function findingOf(mutant: Mutant, source: string): Promise<string | undefined> {
  const { name, kills } = mutant;
  try {
    await mutated(mutant);
  } catch (error) {
    return `${name}: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (source === '') return `${name}: ${kills.spec}: does not exist`;
  const unknown = kills.test.match(/[\p{L}\p{N}]+/gu)?.find((word) => !source.includes(word));
  return unknown === undefined ? undefined : `${name}: ${kills.spec}: no test has '${unknown}' in its name`;
}

/** Returns the files of a mutant with its replacements made, by path. */
async function mutated(mutant: Mutant): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const edit of editsOf(mutant)) {
    files.set(edit.file, edited(files.get(edit.file) ?? (await readFile(edit.file, 'utf8')), edit));
  }
  return files;
}

/** A title may be put together from tables, also of other files: reads a spec and what it imports from under test/. */
async function withImports(file: string, sources = new Map<string, string>()): Promise<Map<string, string>> {
  const text = sources.has(file) ? undefined : await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return sources;
  sources.set(file, text);
  for (const [, specifier] of text.matchAll(/ from '(\.[^']*)\.js'/g)) {
    const imported = join(dirname(file), `${specifier!}.ts`);
    if (imported.startsWith('test/')) await withImports(imported, sources);
  }
  return sources;
}
