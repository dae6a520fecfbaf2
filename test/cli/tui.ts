import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { TestServer } from '../support/server.js';
import { Terminal, type TerminalOptions } from '../support/terminal.js';

/** The command line of the reference server. It must have been built. */
export const CTL = [process.execPath, join(process.cwd(), 'src/reference-op/dist/ctl.js')];
const TUI = [...CTL, 'tui'];

/** The settings that the command line shares with a server. */
const settingsOf = ({ databaseUrl, url, dataDir }: TestServer): Record<string, string> => ({
  DATABASE_URL: databaseUrl,
  ISSUER: url,
  GTR_DATA_DIR: dataDir,
});

/** A process has to start first, milliseconds. */
const PATIENCE_MS = 45_000;
/** When it shows something. */
const SHOWN = /revocation is on\n[^]*TIME/;

/** Opens it in a terminal, and waits until it shows something. */
export async function openTui(
  server: TestServer,
  options: TerminalOptions = {},
  shown: RegExp = SHOWN,
): Promise<Terminal> {
  const cwd = await mkdtemp(join(inject('tempDir'), 'tui-'));
  const terminal = await Terminal.open(TUI, {
    cwd,
    ...options,
    env: { ...settingsOf(server), ...options.env },
  });
  return ready(terminal, shown);
}

/** Nobody else can close one that never shows it. */
async function ready(terminal: Terminal, shown: RegExp): Promise<Terminal> {
  try {
    await terminal.until(shown, PATIENCE_MS);
    return terminal;
  } catch (error) {
    await terminal.close();
    throw error;
  }
}

/** Presses a key and waits for what that shows: nobody types faster than they see. @returns the screen */
export async function press(tui: Terminal, key: string, shown: RegExp): Promise<string> {
  await tui.press(key);
  return tui.until(shown);
}

/** A shell in which {@link startTui} starts it. */
export async function openShell(
  server: TestServer,
  env: Record<string, string> = {},
  options: TerminalOptions = {},
): Promise<Terminal> {
  const cwd = await mkdtemp(join(inject('tempDir'), 'tui-'));
  const settings = { ...settingsOf(server), ...env, PS1: '> ' };
  const terminal = await Terminal.open(['bash', '--norc', '--noprofile'], { ...options, cwd, env: settings });
  return ready(terminal, /^>/);
}

export async function startTui(shell: Terminal): Promise<void> {
  await shell.type(`clear; echo before; ${TUI.join(' ')}; echo "code $?"; stty -a | grep -o '.icanon'`);
  await shell.press('Enter');
  await shell.until(SHOWN, PATIENCE_MS);
}
