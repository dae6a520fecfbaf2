import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mutant } from './mutant.js';

export interface Report {
  testResults: {
    name: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

/** Of a run, and what each mutant adds to it. In milliseconds. */
const TIME_LIMIT = 5 * 60_000;
const TIME_LIMIT_EACH = 10_000;

/** Runs only the tests that these mutants name, in a process of its own, in this copy of the tree. */
export async function runNamedTests(tree: string, mutants: Mutant[], env: Record<string, string>): Promise<Report> {
  const dir = await mkdtemp(join(tmpdir(), 'gtr-report-'));
  const report = join(dir, 'report.json');
  const names = [
    ...new Set(mutants.map(({ kills: { test } }) => test.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))),
  ];
  const args = ['run', '--config', 'config/vitest.config.ts', '--project', 'suite', '--reporter=json'];
  args.push(`--outputFile=${report}`, '-t', names.join('|'), ...new Set(mutants.map(({ kills }) => kills.spec)));
  const outer = Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST_DATABASE|FORCE_COLOR)/.test(name));
  const options = {
    cwd: tree,
    env: { ...Object.fromEntries(outer), NO_COLOR: '1', TEST_BUILD: 'off', ...env },
    timeout: TIME_LIMIT + mutants.length * TIME_LIMIT_EACH,
    maxBuffer: 2 ** 26,
  };
  try {
    const output = await new Promise<string>((done) => {
      execFile(process.execPath, ['node_modules/vitest/vitest.mjs', ...args], options, (_error, stdout, stderr) =>
        done(stdout + stderr),
      );
    });
    const text = await readFile(report, 'utf8').catch(() => {
      throw new Error(`the tests did not run:\n${output}`);
    });
    return JSON.parse(text) as Report;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
