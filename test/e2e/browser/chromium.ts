import { type Browser, chromium } from 'playwright-core';
import { pathOf } from '../../support/tools.js';

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
export function startChromium(): Promise<Browser> {
  const executablePath = pathOf('chromium');
  if (executablePath) return chromium.launch({ executablePath, args: flags });
  throw new Error('Chromium is not installed: install Debian’s `chromium`, or name one in CHROMIUM_PATH');
}
