import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases } from '../support/databases.js';
import { isInstalled } from '../support/tools.js';
import { alice } from '../support/people.js';
import { serverFixture } from '../support/server.js';
import { build } from '../support/server-process.js';
import type { Terminal } from '../support/terminal.js';
import { ctlJson } from './ctl.js';
import { CTL, openShell } from './tui.js';

/** A process has to start first, milliseconds. */
const PATIENCE_MS = 45_000;
const QUESTION = /End every token and session of this account\? \[y\/N\]/;

describe.runIf(isInstalled('tmux'))('ctl revoke in a terminal', { timeout: 2 * PATIENCE_MS }, () => {
  const server = serverFixture(databases[0]!);
  let shell: Terminal;
  beforeAll(async () => {
    await build();
    shell = await openShell(server, {}, { columns: 120 });
  });
  afterAll(() => shell?.close());

  const records = () => ctlJson<unknown[]>(['revocations', 'list'], { DATABASE_URL: server.databaseUrl });
  /** Types the command on an empty screen, where no earlier question stands. */
  const command = async (words: string): Promise<void> => {
    await shell.type('clear');
    await shell.press('Enter');
    await shell.until(/^\s*>\s*$/);
    await shell.type(`${CTL.join(' ')} ${words}; echo "code $?"`);
    await shell.press('Enter');
  };
  const revoke = (more = ''): Promise<void> => command(`revoke --format uid --id alice ${more}`);

  test.each([
    ['n', ['n', 'Enter'], 1],
    ['Enter', ['Enter'], 1],
    ['the end of the input', ['C-d'], 1],
    ['Ctrl-C', ['C-c'], 130],
  ])('shows the user and asks; %s revokes nothing', async (_title, keys, code) => {
    await revoke();
    const screen = await shell.until(QUESTION, PATIENCE_MS);
    expect(screen).toContain(`account  ${alice.id} (alice)`);
    expect(screen).toMatch(/has +0 sessions, 0 tokens live/);
    await shell.press(...keys);
    const after = await shell.until(new RegExp(`^code ${code}$`, 'm'), PATIENCE_MS);
    if (code === 1) expect(after).toContain('Nothing was changed.');
    expect(await records()).toEqual([]);
  });

  test('y revokes', async () => {
    await revoke();
    await shell.until(QUESTION, PATIENCE_MS);
    await shell.press('y', 'Enter');
    expect(await shell.until(/^code 0$/m, PATIENCE_MS)).toContain(`Revoked ${alice.id} (alice)`);
    expect(await records()).toHaveLength(1);
  });

  test('asks for a word before it revokes everybody; y revokes nobody', async () => {
    const before = await records();
    for (const [answer, code, added] of [
      ['y', 1, 0],
      ['everybody', 0, 1],
    ] as const) {
      await command('revoke --everybody');
      await shell.until(/End every token and session of all users\? Type everybody to confirm:/, PATIENCE_MS);
      await shell.type(answer);
      await shell.press('Enter');
      await shell.until(new RegExp(`^code ${code}$`, 'm'), PATIENCE_MS);
      expect(await records()).toHaveLength(before.length + added);
    }
  });

  test.each(['--yes', '< /dev/null', '| cat'])('%s does not ask', async (more) => {
    const before = (await records()).length;
    await revoke(more);
    expect(await shell.until(/^code 0$/m, PATIENCE_MS)).not.toMatch(QUESTION);
    while ((await records()).length === before) await sleep(50);
  });

  test('shows how many of a list are done, how fast, and how long it still takes', async () => {
    await command('revoke --from <(yes alice | head -60) --format uid --rate 20 --yes --result "$HOME/list.jsonl"');
    await shell.until(/\[#{5,25}\.+\] \d+ of 60, \d+ per second, \d+ s left/, PATIENCE_MS);
    const last = await shell.until(/^code 0$/m, PATIENCE_MS);
    expect(last).toMatch(/\[#{30}\] 60 of 60, \d+ per second, 0 s left\nRevoked 60 users\./);
  });
});
