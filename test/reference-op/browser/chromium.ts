import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** The browser of this machine. */
export function findChromium(): string | undefined {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin'].filter((folder) => folder !== '');
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((file) => existsSync(file));
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts it headless with a profile of its own.
 *
 * @throws Error where there is none: a run that must be complete does not leave these tests out
 */
export function startChromium(executablePath: string | undefined): Promise<Browser> {
  if (executablePath) return chromium.launch({ executablePath, args: flags });
  throw new Error('Chromium is not installed: install Debian’s `chromium`, or name one in CHROMIUM_PATH');
}

/** Says loudly that browser tests are left out; in CI they are not, and fail. */
export function mayBeLeftOut(executablePath: string | undefined): boolean {
  if (executablePath || process.env.CI) return false;
  const bar = '!'.repeat(100);
  process.stderr.write(
    `\n${bar}\n!! Browser tests are SKIPPED: Chromium is not installed and CHROMIUM_PATH is not set.\n${bar}\n\n`,
  );
  return true;
}
