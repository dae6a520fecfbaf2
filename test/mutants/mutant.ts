import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** One replacement. The text must occur exactly once in the file. */
export interface Edit {
  file: string;
  replace: string;
  with: string;
}

/** A row of `<area>.rows.ts`: a protection that is taken away, and the test that must fail without it. */
export type Mutant = Protection & (Omit<Edit, 'file'> | { edits: readonly (Omit<Edit, 'file'> & { file?: string })[] });

interface Protection {
  name: string;
  /** The file of the edit, or of the edits that name no other; these are made in their order. */
  file: string;
  kills: {
    /** The spec file. */
    spec: string;
    /** A part of the full name of the test, describe titles included. */
    test: string;
  };
  /** `all`: the test needs every database of the run. @default SQLite alone */
  databases?: 'all';
}

/** The rows of every `<area>.rows.ts`, by area. */
export type Areas = ReadonlyMap<string, readonly Mutant[]>;

const folder = import.meta.dirname;
const suffix = '.rows.ts';

/** Reads the rows of all areas. */
export async function readAreas(): Promise<Areas> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(suffix)).sort();
  const load = async (file: string): Promise<[string, readonly Mutant[]]> => {
    const { rows } = (await import(join(folder, file))) as { rows: readonly Mutant[] };
    return [file.slice(0, -suffix.length), rows];
  };
  return new Map(await Promise.all(files.map(load)));
}

/**
 * Returns the mutants that are wanted: all, a share (`2/3`: the second third), or those of the areas and names in a list
 * (`revocation,two-content-types`).
 *
 * @throws Error for a word that is neither an area nor the name of a mutant
 */
export function chosen(areas: Areas, wanted = process.env.MUTANTS ?? ''): Mutant[] {
  const all = [...areas.values()].flat();
  if (wanted === '') return all;
  const [, part, parts] = /^(\d+)\/(\d+)$/.exec(wanted) ?? [];
  if (part !== undefined) return all.filter((_, i) => i % Number(parts) === Number(part) - 1);
  const found = wanted.split(',').flatMap((word) => {
    const rows = areas.get(word) ?? all.filter(({ name }) => name === word);
    if (rows.length > 0) return rows;
    throw new Error(`'${word}' is neither an area nor a mutant; areas: ${[...areas.keys()].join(', ')}`);
  });
  return [...new Set(found)];
}

/** Returns the replacements of a mutant in the order in which they are made. */
export function editsOf(mutant: Mutant): Edit[] {
  const { file } = mutant;
  if ('edits' in mutant) return mutant.edits.map((edit) => ({ file, ...edit }));
  return [{ file, replace: mutant.replace, with: mutant.with }];
}

/**
 * Returns the text with the replacement made.
 *
 * @throws Error when what is to be replaced does not occur exactly once, or when nothing would change
 */
export function edited(text: string, edit: Edit): string {
  const parts = text.split(edit.replace);
  if (parts.length !== 2) {
    throw new Error(`${edit.file}: must contain this text once, not ${parts.length - 1} times: ${edit.replace}`);
  }
  if (edit.replace === edit.with) throw new Error(`${edit.file}: this replacement changes nothing: ${edit.with}`);
  return parts.join(edit.with);
}
