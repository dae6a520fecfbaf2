import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether this machine has a program. */
const isInstalled = (program: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)));

/**
 * A table of the programs that tests need and this machine has. Says loudly that tests are left out for want of the others;
 * in CI they are not, and fail.
 */
export const installed = (...programs: string[]): string[] =>
  programs.filter((program) => {
    if (isInstalled(program) || process.env.CI) return true;
    const bar = '!'.repeat(100);
    process.stderr.write(`\n${bar}\n!! Tests are LEFT OUT for want of ${program}, which is not installed.\n${bar}\n\n`);
    return false;
  });
