import { readdir, readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

type Declared = Record<string, string>;

const manifest = JSON.parse(await readFile('package.json', 'utf8')) as {
  name: string;
  scripts: Declared;
  dependencies: Declared;
  peerDependencies: Declared;
  devDependencies: Declared;
};
const { dependencies, peerDependencies, devDependencies } = manifest;

/** Declared, and named by nothing of ours: who loads it. */
const LOADED_BY_OTHERS: Record<string, string> = {
  '@fastify/static': 'Swagger UI on Fastify, by @nestjs/swagger',
  '@nestjs/platform-fastify': 'the host',
  'class-transformer': 'ValidationPipe of Nest',
  'oxlint-tsgolint': 'oxlint --type-aware',
  rxjs: 'Nest, whose peer it is',
};

const sources = new Map<string, string>();
for (const folder of ['src', 'test', 'config', '.ci']) {
  for (const file of await readdir(folder, { recursive: true })) {
    const path = join(folder, file);
    const isOurs = !/^test\/(module\/hosts|mutants)\/|node_modules/.test(path);
    if (isOurs && /(\.(c?tsx?|m?js)|\/run)$/.test(path)) sources.set(path, await readFile(path, 'utf8'));
  }
}
const isPublished = (path: string): boolean => path.startsWith('src/') && !path.startsWith('src/reference-op/');

/** Whether a file names the package in a string: in an import, or for whoever loads it. */
const names = (text: string, name: string): boolean =>
  new RegExp(`['"\`]${name.replaceAll(/[/.]/g, String.raw`\$&`)}(/[^'"\`]*)?['"\`]`).test(text);

const isNamed = (name: string, within: (path: string) => boolean): boolean =>
  [...sources].some(([path, text]) => within(path) && names(text, name));

/** Whether a command of the package is run by a script, by CI or by a test. */
async function isRun(name: string): Promise<boolean> {
  const { bin = {} } = JSON.parse(await readFile(`node_modules/${name}/package.json`, 'utf8')) as {
    bin?: string | Record<string, string>;
  };
  const commands = typeof bin === 'string' ? [name] : Object.keys(bin);
  const run = new RegExp(`(^|[\\s'"])(${commands.join('|')})(?=[\\s'"]|$)`, 'm');
  return [...Object.values(manifest.scripts), ...sources.values()].some(
    (text) => commands.length > 0 && run.test(text),
  );
}

/** What the types of a package belong to. */
const typed = (name: string): string => name.replace('@types/', '');

describe('what is declared', () => {
  test.each(Object.keys({ ...dependencies, ...peerDependencies }))('%s → is used by what is published', (name) => {
    expect(name in LOADED_BY_OTHERS || isNamed(typed(name), isPublished)).toBe(true);
  });

  test.each(Object.keys(devDependencies))('%s, for development → is used', async (name) => {
    const isUsed = name in LOADED_BY_OTHERS || name === '@types/node' || isNamed(typed(name), () => true);
    expect(isUsed || (await isRun(name))).toBe(true);
  });

  test('who loads what we do not name → only of what is declared', () => {
    const declared = { ...dependencies, ...peerDependencies, ...devDependencies };
    expect(Object.keys(LOADED_BY_OTHERS).filter((name) => !(name in declared))).toEqual([]);
  });
});

/** Packages that files import, by name. */
function imported(within: (path: string) => boolean): Set<string> {
  const specifiers = [...sources]
    .filter(([path]) => within(path) && /\.(c?ts|m?js)$/.test(path))
    .flatMap(([, text]) => ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName))
    .filter((name) => !/^[./]|^node:/.test(name) && !builtinModules.includes(name));
  return new Set(specifiers.map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/')));
}

describe('what is used', () => {
  test('published → a dependency or peer', () => {
    const declared = { ...dependencies, ...peerDependencies, [manifest.name]: '' };
    expect([...imported(isPublished)].filter((name) => !(name in declared))).toEqual([]);
  });

  test('anywhere → declared', () => {
    const declared = { ...dependencies, ...peerDependencies, ...devDependencies, [manifest.name]: '' };
    expect([...imported(() => true)].filter((name) => !(name in declared))).toEqual([]);
  });
});
