import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { databases } from '../../support/databases.js';
import { serverFixture } from '../../support/server.js';
import { build } from '../../support/server-process.js';
import { isInstalled } from '../../support/tools.js';
import type { Terminal } from '../../support/terminal.js';
import { openShell, startTui } from '../tui.js';

/** Throws in the middle of whatever the process does. */
const CRASH = `process.on('SIGUSR2', () => { throw new Error('planted'); });`;
/** The screen the terminal had before, and a terminal that reads lines. */
const RESTORED = (code: number | string): RegExp => new RegExp(`^before\\n[^]*^code ${code}\\n icanon$`, 'm');

describe.runIf(isInstalled('tmux'))('tui in a terminal without colour', () => {
  const server = serverFixture(databases[0]!);
  let shell: Terminal;
  beforeAll(async () => {
    await build();
    const crash = join(await mkdtemp(join(inject('tempDir'), 'crash-')), 'crash.mjs');
    await writeFile(crash, CRASH);
    shell = await openShell(server, { NO_COLOR: '1', NODE_OPTIONS: `--import ${crash}` });
  });
  afterAll(() => shell?.close());

  const VIEWS = ['Revocations', 'Revoke', 'Callers', 'Flags', 'Health', 'Deliveries'];

  test('every view works without colour and fits, and q restores the screen and exits with 0', async () => {
    await startTui(shell);
    for (const [index, view] of VIEWS.entries()) {
      await shell.press(String(index + 1));
      const screen = await shell.until(new RegExp(`\\[${index + 1} ${view}\\][^]*q quit`));
      expect(screen).not.toMatch(/\S…/);
      expect(screen).not.toMatch(/^before$/m);
      expect(await shell.colouredScreen()).not.toContain('\u001b[');
    }
    await shell.press('q');
    const screen = await shell.until(RESTORED(0));
    expect(screen).not.toMatch(/q quit|Global Token Revocation/);
  });

  test.each<[string, (terminal: Terminal) => Promise<void>, string]>([
    ['Ctrl-C', (terminal) => terminal.press('C-c'), '0'],
    ['SIGTERM', (terminal) => terminal.signal('SIGTERM'), '(0|130)'],
    ['a crash', (terminal) => terminal.signal('SIGUSR2'), '1'],
  ])('%s restores the screen', async (_title, end, code) => {
    await startTui(shell);
    await end(shell);
    const screen = await shell.until(RESTORED(code));
    expect(screen).not.toMatch(/q quit|Global Token Revocation/);
    expect(screen.includes('Error: planted')).toBe(code === '1');
  });
});
