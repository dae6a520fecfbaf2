import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npmStart, type StartedServer } from '../support/npm-start.js';
import { curlBlocks, missingLines, runBlocks } from './curl-blocks.js';

const blocks = curlBlocks(await readFile('README.md', 'utf8'));

describe('curl blocks of the README against npm start', () => {
  let dir: string;
  let server: StartedServer | undefined;
  let ran: Awaited<ReturnType<typeof runBlocks>>;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'gtr-readme-'));
    const settings = { DATABASE_URL: `sqlite:${join(dir, 'op.sqlite')}`, GTR_DATA_DIR: dir };
    server = await npmStart(settings);
    const { url } = server;
    const here = (text: string): string => text.replaceAll('http://localhost:3000', url);
    ran = await runBlocks(
      blocks.map((block) => ({ ...block, script: here(block.script), expected: block.expected.map(here) })),
      settings,
    );
  });

  afterAll(async () => {
    await server?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('the shell → reaches the end', () => {
    expect(blocks.length).toBeGreaterThan(0);
    expect(ran.code, ran.all).toBe(0);
  });

  it.each(blocks.map((block, index) => ({ ...block, index })))(
    'line $line → prints what follows it',
    ({ expected, index }) => {
      const output = ran.outputs[index] ?? '';
      expect(
        missingLines(
          expected.map((line) => line.replaceAll('http://localhost:3000', server!.url)),
          output,
        ),
        output,
      ).toEqual([]);
    },
  );
});
