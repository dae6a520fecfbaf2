import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { edited, editsOf, type Mutant } from './mutant.js';

/** What tests and builds leave behind, at the root or in a package. */
const MADE = ['dist', 'data', 'coverage'];

/** Copies of the tree, one for each worker. Each is mutated, used, and mended for the next mutant; the tree is never touched. */
export class TreeCopies {
  private readonly all: string[] = [];
  private readonly free: string[] = [];

  constructor(private readonly root = process.cwd()) {}

  /** Runs the work in a copy in which the replacements are made. @throws Error when a text does not occur exactly once */
  async withMutation<T>(mutant: Mutant, work: (copy: string) => Promise<T>): Promise<T> {
    const copy = this.free.pop() ?? (await this.make());
    const originals = new Map<string, string>();
    try {
      for (const edit of editsOf(mutant)) {
        const path = join(copy, edit.file);
        const text = await readFile(path, 'utf8');
        const now = edited(text, edit);
        if (!originals.has(path)) originals.set(path, text);
        await writeFile(path, now);
      }
      return await work(copy);
    } finally {
      for (const [path, text] of originals) await writeFile(path, text);
      const made = await inEveryPackage(copy, MADE);
      await Promise.all(made.map((path) => rm(path, { recursive: true, force: true })));
      this.free.push(copy);
    }
  }

  /** Removes the copies. */
  async remove(): Promise<void> {
    await Promise.all(this.all.map((copy) => rm(copy, { recursive: true, force: true })));
  }

  private async make(): Promise<string> {
    const copy = await mkdtemp(join(tmpdir(), 'gtr-mutant-'));
    this.all.push(copy);
    const installed = await inEveryPackage(this.root, ['node_modules']);
    const left = new Set([join(this.root, '.git'), ...installed, ...(await inEveryPackage(this.root, MADE))]);
    await cp(this.root, copy, { recursive: true, filter: (path) => !left.has(path) });
    for (const folder of installed) {
      if (existsSync(folder)) await linkModules(folder, join(copy, relative(this.root, folder)));
    }
    return copy;
  }
}

/** The paths that these names have at the root and in every package of the workspace. */
async function inEveryPackage(root: string, names: readonly string[]): Promise<string[]> {
  const entries = await readdir(join(root, 'src'), { withFileTypes: true });
  const folders = ['', ...entries.filter((entry) => entry.isDirectory()).map(({ name }) => join('src', name))];
  return folders.flatMap((folder) => names.map((name) => join(root, folder, name)));
}

/**
 * Links to what is installed. npm makes relative links, to commands and to the packages of the workspace: made once more in
 * the copy, they lead to the copy of the package and not back into the tree.
 */
async function linkModules(installed: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(installed, { withFileTypes: true })) {
    const path = join(installed, entry.name);
    const link = join(to, entry.name);
    if (entry.isSymbolicLink()) await symlink(await readlink(path), link);
    else if (entry.name === '.bin' || entry.name.startsWith('@')) await linkModules(path, link);
    else if (!entry.name.startsWith('.')) await symlink(path, link);
  }
}
