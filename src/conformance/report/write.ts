import { accessSync, constants, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../usage-error.js';
import { htmlReport } from './html.js';
import { jsonReport } from './json.js';
import { junitReport } from './junit.js';
import type { Report } from './report.js';

/** Stands for standard output instead of a file. */
export const STDOUT = '-';

const REPORTS = { html: htmlReport, junit: junitReport, json: jsonReport };

/** Path of each report; undefined omits it. */
export type Files = Record<keyof typeof REPORTS, string | undefined>;

/** Writes a text to a file or to standard output. */
export function write(file: string, text: string): void {
  if (file === STDOUT) process.stdout.write(text);
  else writeFileSync(file, text);
}

/** Checks before a long run that its reports can be written. @throws UsageError */
export function checkFiles(files: Files): void {
  for (const format of Object.keys(REPORTS) as Array<keyof Files>) {
    const file = files[format];
    if (file === undefined || file === STDOUT) continue;
    try {
      accessSync(dirname(file), constants.W_OK);
    } catch (error) {
      throw new UsageError(`--${format} ${file}: ${(error as Error).message}`);
    }
  }
}

/** Writes all requested reports. */
export function writeReports(files: Files, report: Report): void {
  for (const [format, toText] of Object.entries(REPORTS)) {
    const file = files[format as keyof Files];
    if (file !== undefined) write(file, toText(report));
  }
}
