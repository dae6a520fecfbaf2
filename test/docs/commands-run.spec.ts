import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { npmStart, type StartedServer } from '../support/npm-start.js';
import { isInstalled } from '../support/tools.js';
import { commandBlocks, missingLines, runBlocks } from './commands.js';
import { pages, textOf } from './pages.js';
import { PRODUCTION_PAGES } from './production-pages.js';

// Each command of the command line starts a process.
vi.setConfig({ testTimeout: 240_000 });

const runnable = pages
  .map((page) => ({ page, blocks: commandBlocks(textOf(page)) }))
  .filter(({ page, blocks }) => blocks.length > 0 && !PRODUCTION_PAGES.includes(page));

describe.runIf(isInstalled('curl'))('commands of the documentation against a server started with npm start', () => {
  let dir: string;
  let server: StartedServer;
  let settings: Record<string, string>;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'gtr-docs-'));
    settings = { DATABASE_URL: `sqlite:${join(dir, 'op.sqlite')}`, GTR_DATA_DIR: dir };
    server = await npmStart(settings);
  });

  afterAll(async () => {
    await server?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  test('include the quick start', () => {
    expect(runnable.map(({ page }) => page)).toContain('docs/guides/quick-start.md');
  });

  test.each(runnable)('$page: every block runs and prints the output that follows it', async ({ blocks }) => {
    const here = (text: string): string => text.replaceAll('http://localhost:3000', server.url);
    const ran = await runBlocks(
      blocks.map((block) => ({ ...block, script: here(block.script) })),
      settings,
    );
    expect(ran.code, ran.all).toBe(0);
    const missing = blocks.flatMap(({ line, expected }, index) =>
      missingLines(expected.map(here), ran.outputs[index] ?? '').map((each) => `line ${line}: ${each}`),
    );
    expect(missing, ran.all).toEqual([]);
  });
});
