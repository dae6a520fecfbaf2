import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, inject, test } from 'vitest';
import { isInstalled } from '../support/tools.js';
import { build } from '../support/server-process.js';
import { Terminal } from '../support/terminal.js';

/** npm, the compiler and the command have to start, milliseconds. */
const PATIENCE_MS = 60_000;
const VERSION = /^\d+\.\d+\.\d+$/m;

describe('npm run ctl', { timeout: 2 * PATIENCE_MS }, () => {
  test.runIf(isInstalled('tmux'))('in a terminal says that it builds, only while it builds', async () => {
    await build();
    // The tree is no home: bash and npm write into it.
    const shell = await Terminal.open(['bash', '--norc', '--noprofile'], { env: { HOME: inject('tempDir') } });
    try {
      await shell.type('npm run --silent ctl -- --version');
      await shell.press('Enter');
      await shell.until(/^Building…$/m, PATIENCE_MS);
      expect(await shell.until(VERSION, PATIENCE_MS)).not.toContain('Building…');
    } finally {
      await shell.close();
    }
  });

  test('without a terminal prints nothing but the answer', async () => {
    const ended = await promisify(execFile)('npm', ['run', '--silent', 'ctl', '--', '--version']);
    expect(ended).toEqual({ stdout: expect.stringMatching(VERSION), stderr: '' });
  });
});
