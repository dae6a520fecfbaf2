import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { barrels } from './levels.js';

const read = (file: string): string => readFileSync(file, 'utf8');

/** Each name that an entry point exports, with the file that declares it. */
const exported = barrels
  .filter((barrel) => !barrel.startsWith('src/reference-op/'))
  .flatMap((barrel) => {
    const lists = [...read(barrel).matchAll(/export (type )?\{([^}]+)\} from '([^']+)'/g)];
    return lists.flatMap(([, types, names, from]) =>
      [...names!.matchAll(/(type )?(\w+)/g)].map(([, type, name]) => ({
        barrel,
        name: name!,
        isType: (types ?? type) !== undefined,
        file: join(dirname(barrel), from!.replace(/js$/, 'ts')),
      })),
    );
  });

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(md|c?tsx?)$/.test(name) && !/(^|\/)(api|dist|node_modules)\//.test(name))
    .map((name) => join(folder, name));

/** Whoever imports our packages, the pages that say how, and an application that extends the module. */
const hosts = [
  ...['src/cli', 'src/reference-op', 'src/testing', 'docs', 'test/hosts'].flatMap(filesIn),
  'test/module/endpoint/provided.spec.ts',
];

describe('what the entry points export', () => {
  test('says in its doc comment that it is public', () => {
    const isMarked = (text: string, name: string): boolean => {
      const place = text.search(new RegExp(String.raw`^export [a-z ]*\b${name}\b`, 'm'));
      return text.slice(text.lastIndexOf('/**', place), place).includes('@publicApi');
    };
    expect(exported.filter(({ name, file }) => !isMarked(read(file), name))).toEqual([]);
  });

  /** Types are exported because typedoc, for which a warning is an error, demands what a public declaration names. */
  test('is used outside the module, unless it is a type', () => {
    const texts = hosts.filter((file) => !file.endsWith('/index.ts')).map(read);
    const isUsed = (name: string): boolean => texts.some((text) => new RegExp(String.raw`\b${name}\b`).test(text));
    expect(exported.filter(({ name, isType }) => !isType && !isUsed(name)).map(({ name }) => name)).toEqual([]);
  });
});
