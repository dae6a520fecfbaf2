import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { violations } from './cruise.js';

it('no import of src points upwards, forms a cycle or leaves its package', async () => {
  expect(await violations(process.cwd())).toEqual([]);
});

const planted: Record<string, { files: Record<string, string>; found: string }> = {
  'a type imported upwards': {
    files: {
      'src/module/revocation.errors.ts': `import type { Body } from './endpoint/request-body.js';\nexport type A = Body;\n`,
      'src/module/endpoint/request-body.ts': `export interface Body {}\n`,
    },
    found: 'upwards: src/module/revocation.errors.ts -> src/module/endpoint/request-body.ts',
  },
  'a type named in place, upwards': {
    files: {
      'src/module/caller/caller.ts': `export type A = import('../../reference-op/op/op.js').Op;\n`,
      'src/reference-op/op/op.ts': `export interface Op {}\n`,
    },
    found: 'upwards: src/module/caller/caller.ts -> src/reference-op/op/op.ts',
  },
  'an import when called, upwards': {
    files: {
      'src/cli/main.ts': `export const a = () => import('../reference-op/main.js');\n`,
      'src/reference-op/main.ts': `export const b = 1;\n`,
    },
    found: 'upwards: src/cli/main.ts -> src/reference-op/main.ts',
  },
  'a circle of types': {
    files: {
      'src/reference-op/op/a.ts': `import type { B } from './b.js';\nexport type A = B[];\n`,
      'src/reference-op/op/b.ts': `import type { A } from './a.js';\nexport type B = A[];\n`,
    },
    found: 'circle: src/reference-op/op/a.ts -> src/reference-op/op/b.ts -> src/reference-op/op/a.ts',
  },
  'a circle of folders': {
    files: {
      'src/module/caller/a.ts': `import { b } from '../subject/b.js';\nexport const a = b;\n`,
      'src/module/subject/b.ts': `export const b = 1;\n`,
      'src/module/subject/c.ts': `import { d } from '../caller/d.js';\nexport const c = d;\n`,
      'src/module/caller/d.ts': `export const d = 1;\n`,
    },
    found: 'folders in a circle: module/caller/',
  },
  'a barrel inside': {
    files: {
      'src/reference-op/op/all.ts': `export * from './a.js';\n`,
      'src/reference-op/op/a.ts': `export const a = 1;\n`,
    },
    found: 'barrel: src/reference-op/op/all.ts -> src/reference-op/op/a.ts',
  },
  'a folder without a level': {
    files: { 'src/utils/a.ts': `export const a = 1;\n` },
    found: 'no level: src/utils/a.ts',
  },
  'a package that is not declared': {
    files: { 'src/reference-op/op/a.ts': `import { b } from 'no-such-package';\nexport const a = b;\n` },
    found: 'unresolvable: src/reference-op/op/a.ts -> no-such-package',
  },
  "a type from Nest's private paths": {
    files: {
      'package.json': '{ "dependencies": { "@nestjs/common": "1.0.0" } }',
      'node_modules/@nestjs/common/package.json': '{ "name": "@nestjs/common", "version": "1.0.0" }',
      'node_modules/@nestjs/common/internal.js': '',
      'src/module/http/a.ts': `import type { B } from '@nestjs/common/internal.js';\nexport type A = B;\n`,
    },
    found: 'private path of Nest: src/module/http/a.ts -> node_modules/@nestjs/common/internal.js',
  },
  'a file of another package': {
    files: {
      'src/cli/a.ts': `import { b } from '../module/b.js';\nexport const a = b;\n`,
      'src/module/index.ts': `export { b } from './b.js';\n`,
      'src/module/b.ts': `export const b = 1;\n`,
    },
    found: 'into another package: src/cli/a.ts -> src/module/b.ts',
  },
};

it.each(Object.entries(planted))('finds %s', async (_title, { files, found }) => {
  const dir = await mkdtemp(join(tmpdir(), 'gtr-imports-'));
  try {
    for (const [file, text] of Object.entries({ 'package.json': '{}', ...files })) {
      await mkdir(dirname(join(dir, file)), { recursive: true });
      await writeFile(join(dir, file), text);
    }
    expect(await violations(dir)).toContain(found);
  } finally {
    await rm(dir, { recursive: true });
  }
});
