import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import { describeEachDatabase } from '../support/databases.js';

const WORKERS = 3;

describeEachDatabase('an end-to-end suite with several workers', ({ where }) => {
  test(`${WORKERS} processes have separate ports, users, tokens, revocations and resets`, async () => {
    const root = await mkdtemp(join(inject('tempDir'), 'workers-'));
    const meeting = join(root, 'meeting');
    await mkdir(meeting);
    for (let i = 1; i <= WORKERS; i += 1) await cp('test/testing/worker.mjs', join(root, `worker-${i}.test.mjs`));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        join(process.cwd(), 'node_modules/vitest/vitest.mjs'),
        'run',
        '--no-color',
        '--pool=forks',
        `--root=${root}`,
      ].concat(`--maxWorkers=${WORKERS}`),
      {
        env: {
          ...process.env,
          VITEST: '',
          REPOSITORY: process.cwd(),
          MEETING: meeting,
          WORKERS: String(WORKERS),
          DATABASE: where,
        },
      },
    );
    expect(stdout).toMatch(new RegExp(`Tests +${WORKERS} passed`));
    const met = (await readdir(meeting)).filter((file) => file.startsWith('started'));
    expect(new Set(met.map((file) => file.split(' ')[1]))).toHaveProperty('size', WORKERS); // processes
    expect(new Set(met.map((file) => file.split(' ')[2]))).toHaveProperty('size', WORKERS); // ports
  });
});
