import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Mutant } from './mutant.js';
import { type Report, runNamedTests } from './named-tests.js';
import { judge } from './verdict.js';

const config = `export default { test: { projects: [{ extends: true, test: { name: 'suite', include: ['*.spec.ts'] } }] } };`;
const spec = `import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
test('green', () => {});
test('red', () => expect(1).toBe(2));
test('red in one of two, here', () => {});
test('red in one of two, there', () => expect(1).toBe(2));
test('too slow', () => new Promise(() => {}), 100);
test('no server', () => once(connect(1, '127.0.0.1'), 'connect'));
test('no module', () => import('no-such-package'));
test.skip('left out', () => {});
`;

const named = (title: string): Mutant => ({
  name: 'planted',
  file: 'src/none.ts',
  replace: '',
  with: '',
  kills: { spec: 'planted.spec.ts', test: title },
});

const verdicts: [title: string, outcome: string, reason: string][] = [
  ['green', 'survived', 'stayed green'],
  ['red in one of two', 'killed', 'expected 1 to be 2'],
  ['red', 'killed', 'expected 1 to be 2'],
  ['too slow', 'broken', 'STACK_TRACE_ERROR'],
  ['no server', 'broken', 'ECONNREFUSED'],
  ['no module', 'broken', 'Cannot find package'],
  ['left out', 'broken', 'did not run'],
  ['not there', 'broken', 'did not run'],
];
let tree: string;
let report: Report;

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'gtr-verdict-'));
  await mkdir(join(tree, 'config'));
  await writeFile(join(tree, 'package.json'), '{ "type": "module" }');
  await writeFile(join(tree, 'config/vitest.config.ts'), config);
  await writeFile(join(tree, 'planted.spec.ts'), spec);
  await symlink(resolve('node_modules'), join(tree, 'node_modules'));
  report = await runNamedTests(
    tree,
    verdicts.map(([title]) => named(title)),
    {},
  );
});

afterAll(() => rm(tree, { recursive: true }));

test.each(verdicts)('%s is %s', (title, outcome, reason) => {
  expect(judge(named(title), report)).toEqual({ outcome, reason: expect.stringContaining(reason) as string });
});

test('a missing spec file is broken', () => {
  const elsewhere = { ...named('green'), kills: { spec: 'none.spec.ts', test: 'green' } };
  expect(judge(elsewhere, report).outcome).toBe('broken');
});
