import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Mutant } from './mutant.js';
import { TreeCopies } from './tree-copies.js';

const file = 'src/module/index.js';
const mutant: Mutant = {
  name: 'planted',
  file,
  replace: 'guarded',
  with: 'open',
  kills: { spec: 'test/none.spec.ts', test: 'none' },
};
let tree: string;
let copies: TreeCopies;

const read = (...path: string[]): Promise<string> => readFile(join(...path), 'utf8');

async function plant(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true });
  await writeFile(join(tree, path), text);
}

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'gtr-copies-'));
  copies = new TreeCopies(tree);
  await plant(file, 'guarded');
  await plant('src/cli/node_modules/other/index.js', 'another version');
  await plant('src/module/dist/index.js', 'built');
  await plant('node_modules/@scope/other/index.js', 'other');
  await plant('node_modules/other/index.js', 'other');
  await mkdir(join(tree, 'node_modules/.bin'));
  await symlink('../other/index.js', join(tree, 'node_modules/.bin/other'));
  await symlink('../src/module', join(tree, 'node_modules/module'));
});

afterAll(async () => {
  await copies.remove();
  await rm(tree, { recursive: true });
});

test('a package of the workspace is mutated in the copy only', async () => {
  await copies.withMutation(mutant, async (copy) => {
    expect(await read(copy, 'node_modules/module/index.js')).toBe('open');
    expect(await realpath(join(copy, 'node_modules/module'))).toBe(await realpath(join(copy, 'src/module')));
  });
  expect(await read(tree, file)).toBe('guarded');
});

test('installed packages and commands are there, also those of a single package', async () => {
  await copies.withMutation(mutant, async (copy) => {
    expect(await read(copy, 'node_modules/other/index.js')).toBe('other');
    expect(await read(copy, 'node_modules/.bin/other')).toBe('other');
    expect(await read(copy, 'node_modules/@scope/other/index.js')).toBe('other');
    expect(await read(copy, 'src/cli/node_modules/other/index.js')).toBe('another version');
  });
});

test('the next mutant gets the same copy, restored and without build output', async () => {
  const used = await copies.withMutation(mutant, async (copy) => {
    await mkdir(join(copy, 'dist'));
    await mkdir(join(copy, 'src/module/dist'));
    return copy;
  });
  await copies.withMutation({ ...mutant, with: 'ajar' }, async (copy) => {
    expect(copy).toBe(used);
    expect(await read(copy, file)).toBe('ajar');
    await expect(read(copy, 'dist')).rejects.toThrow('ENOENT');
    await expect(read(copy, 'src/module/dist')).rejects.toThrow('ENOENT');
  });
});

test('two simultaneous mutants get separate copies', async () => {
  await copies.withMutation(mutant, (one) => copies.withMutation(mutant, async (other) => expect(other).not.toBe(one)));
});

test('a copy is restored after failing work', async () => {
  await expect(copies.withMutation(mutant, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  await copies.withMutation(mutant, async (copy) => expect(await read(copy, file)).toBe('open'));
});

test('a missing text is rejected, and the edit before it is undone', async () => {
  const edits = ['open', 'ajar'].map((word) => ({ replace: 'guarded', with: word }));
  await expect(copies.withMutation({ ...mutant, edits }, () => Promise.resolve())).rejects.toThrow('not 0 times');
  await copies.withMutation(mutant, async (copy) => expect(await read(copy, file)).toBe('open'));
});
