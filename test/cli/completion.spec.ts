import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { installed } from '../support/installed.js';
import { Terminal } from '../support/terminal.js';
import { ctl } from './ctl.js';

const FLAG = 'GLOBAL_TOKEN_REVOCATION';
const SHELLS = ['bash', 'zsh', 'fish'];
const HERE = installed('bash', 'zsh', 'fish', 'tmux');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(inject('tempDir'), 'completion-'));
  for (const shell of SHELLS) {
    await writeFile(join(folder, shell), (await ctl(['completion', shell], {})).out);
  }
  await writeFile(join(folder, 'application.js'), '');
});

/** What is offered after what has been typed; the command is called `ctl` here. */
const cases: Array<[typed: string, offered: string[]]> = [
  ['cl', ['clients']],
  ['flags e', ['enable']],
  ['flags disable G', [FLAG]],
  ['clients ro', ['rotate-secret']],
  ['revoke --format uid --dr', ['--dry-run']],
  ['--app ./application.js users f', ['find']],
  ['completion z', ['zsh']],
];

/** What a shell has to be told before it completes our command. */
const READY: Record<string, { start: string[]; load: (file: string) => string; PS1: string }> = {
  bash: { start: ['bash', '--norc', '--noprofile'], load: (file) => `source ${file}`, PS1: '> ' },
  zsh: { start: ['zsh', '-f'], load: (file) => `autoload -U compinit; compinit -u -D; source ${file}`, PS1: '> ' },
  fish: {
    start: ['fish', '--no-config'],
    load: (file) => `function fish_prompt; echo -n '> '; end; source ${file}`,
    PS1: '',
  },
};

describe.each(HERE.includes('tmux') ? SHELLS.filter((shell) => HERE.includes(shell)) : [])(
  'completion in %s',
  (shell) => {
    let terminal: Terminal;
    beforeAll(async () => {
      const { start, load, PS1 } = READY[shell]!;
      terminal = await Terminal.open(start, { cwd: folder, columns: 120, env: { PS1 } });
      await terminal.until(/[>#$] *$/m);
      await terminal.type(`${load(join(folder, shell))}; clear; echo ready`);
      await terminal.press('Enter');
      await terminal.until(/^ready\n> *$/m);
    });
    afterAll(() => terminal?.close());

    test.each(cases)('"%s" and Tab → %o', async (typed, offered) => {
      await terminal.type(`ctl ${typed}`);
      await terminal.press('Tab');
      const completed = ['> ctl', ...typed.split(' ').slice(0, -1), ...offered].join(' ');
      await terminal.until(new RegExp(`^${completed.replaceAll('.', '\\.')} *$`, 'm'));
      await terminal.press('C-u');
      await terminal.until(/^> *\n*$/m);
    });
  },
);

describe('completion', () => {
  test('every command and option → is in all three scripts', async () => {
    const { out } = await ctl(['--help'], {});
    const commands = [...out.matchAll(/^ {2}([a-z]+)(?: |$)/gm)]
      .map(([, name]) => name!)
      .filter((name) => name !== 'help');
    expect(commands.length).toBeGreaterThan(7);
    for (const shell of SHELLS) {
      const { code, out: script, err } = await ctl(['completion', shell], {});
      expect({ code, err }).toEqual({ code: 0, err: '' });
      for (const name of [...commands, 'unknown-subject', 'sub-id'])
        expect(script).toMatch(new RegExp(`\\b${name}\\b`));
    }
  });

  test('an unknown shell → 2, and those that are known', async () => {
    const { code, err } = await ctl(['completion', 'tcsh'], {});
    expect(code).toBe(2);
    expect(err).toMatch(/unknown shell 'tcsh'; known: bash, zsh, fish/);
  });
});
