import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { ctl } from './ctl.js';

const FLAG = 'GLOBAL_TOKEN_REVOCATION';
/** Help and wrong usage need no database: here is none. */
const nowhere = { DATABASE_URL: 'mariadb://nobody:nothing@127.0.0.1:9/nothing' };

describe('ctl', () => {
  test.each<[string, string[], RegExp]>([
    ['nothing', [], /^Usage: /],
    ['a group without a command', ['flags'], /flags needs a command; known: list, enable, disable/],
    ['an unknown group', ['flag', 'list'], /unknown command 'flag'\n\(Did you mean flags\?\)/],
    ['an unknown command', ['flags', 'toggle'], /unknown command 'flags toggle'; known: list, enable, disable/],
    ['a missing name', ['flags', 'enable'], /missing required argument 'name'/],
    ['an extra name', ['flags', 'enable', FLAG, 'x'], /too many arguments/],
    ['an unknown option', ['flags', 'list', '--force'], /unknown option '--force'/],
    ['nobody', ['revoke', '--reason', 'x'], /missing user: use --format and --id/],
    ['two identifiers', ['revoke', '--sub-id', '{}', '--id', 'x'], /--sub-id is the complete identifier/],
    ['a reason too long', ['revoke', '--format', 'uid', '--id', 'x', '--reason', 'x'.repeat(256)], /more than 255/],
    ['an empty --as', ['revoke', '--as', ' '], /'--as <name>'.*1 to 100 characters/],
    ['an invalid limit', ['revocations', 'list', '--limit', '0'], /'--limit <number>'.*from 1 to 10000/],
    ['an invalid time', ['revocations', 'list', '--since', 'monday'], /'--since <time>'.*an age like 15m/],
  ])('%s exits with 2 and explains the right usage', async (_title, args, right) => {
    const { code, out, err } = await ctl(args, nowhere);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(right);
    expect(err).not.toMatch(/\n\s+at .*:\d+:\d+/);
  });

  test.each([
    [['flags', 'list', '--force'], 'flags list'],
    [['clients', 'toggle'], 'clients'],
    [['revoke'], 'revoke'],
    [['nonsense'], ''],
  ])('wrong usage %j points to the help of that command', async (args, path) => {
    const help = `(${['ctl', path].join(' ').trim()} --help shows the correct usage)`;
    expect((await ctl(args, nowhere)).err.split('\n').at(-1)).toBe(help);
  });

  test('help of an unknown command exits with 2 and says that it is unknown', async () => {
    const { code, err } = await ctl(['help', 'nope'], nowhere);
    expect([code, err]).toEqual([2, expect.stringMatching(/error: unknown command 'nope'$/)]);
  });

  test('wrong usage with --json exits with 2 and prints one line of JSON on standard error', async () => {
    const { code, out, err } = await ctl(['flags', 'list', '--force', '--json'], nowhere);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(JSON.parse(err)).toEqual({ error: 'usage', message: "unknown option '--force'" });
  });

  test.each<[string, string[], RegExp]>([
    ['--help', ['--help'], /revoke[^]*users[^]*revocations[^]*flags[^]*Exit codes: 0 done, 1 failed, 2 wrong usage, 3/],
    ['help of a group', ['flags', '--help'], /list[^]*enable[^]*disable/],
    [
      'help of a command',
      ['revoke', '--help'],
      /--dry-run[^]*--json[^]*--as <name>[^]*Examples:\n.* revoke --format uid --id alice/,
    ],
    ['--version', ['--version'], /^\d+\.\d+\.\d+$/],
  ])('%s exits with 0 and prints on standard output, without a database', async (_title, args, said) => {
    const { code, out, err } = await ctl(args, nowhere);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(said);
  });

  test('the help of every command has a description and examples', async () => {
    const commandsIn = (help: string): string[] =>
      [...(help.split('\nCommands:\n')[1]?.split('\n\n')[0] ?? '').matchAll(/^ {2}([a-z][a-z-]*)/gm)]
        .map(([, name]) => name!)
        .filter((name) => name !== 'help');
    const leaves: string[] = [];
    const walk = async (path: string[]): Promise<void> => {
      const { out } = await ctl([...path, '--help'], nowhere);
      const inner = commandsIn(out);
      for (const name of inner) await walk([...path, name]);
      expect(out).toMatch(new RegExp(`\n\nExamples:\n  ctl ${path.join(' ')}\\b`.replace(/ \\b$/, ' ')));
      if (inner.length === 0) leaves.push(path.join(' '));
    };
    await walk([]);
    expect(leaves).toEqual(expect.arrayContaining(['revoke', 'clients rotate-secret', 'epochs raise-all', 'tui']));
    expect(leaves.length).toBeGreaterThan(19);
  });

  test.each<[string, Record<string, string>, number, RegExp]>([
    ['a bad setting', { DATABASE_URL: 'nonsense' }, 1, /^error: cannot start: .*DATABASE_URL/],
    ['an unknown setting', { GTR_NONSENSE: '1' }, 1, /^error: cannot start: .*GTR_NONSENSE/],
    ['a missing database', nowhere, 5, /^error: cannot start: .*ECONNREFUSED.*check that the database runs/],
  ])('%s gives one line that names it and the fix', async (_title, env, exitCode, line) => {
    const { code, out, err } = await ctl(['flags', 'list'], env);
    expect({ code, out }).toEqual({ code: exitCode, out: '' });
    expect(err).toMatch(line);
    expect(err.split('\n')).toHaveLength(1);
  });
});

describe('ctl without a database', () => {
  const nothing = async () => {
    const directory = await mkdtemp(join(inject('tempDir'), 'nothing-'));
    const [folder, database] = [join(directory, 'data'), join(directory, 'data', 'op.sqlite')];
    const settings = { DATABASE_URL: `sqlite:${database}`, GTR_DATA_DIR: folder };
    return { directory, folder, database, settings, keys: join(folder, 'development-keys.json') };
  };

  test.each([
    ['flags', 'list'],
    ['migrate', '--dry-run'],
    ['clients', 'disable', 'x'],
  ])('%s %s exits with 1, says where the database is missing and creates nothing', async (...args) => {
    const { folder, database, settings } = await nothing();
    const err = `error: there is no database at ${database}: check the directory, or create one with \`migrate\``;
    expect(await ctl(args, settings)).toEqual({ code: 1, out: '', err });
    expect(existsSync(folder)).toBe(false);
  });

  test('doctor exits with 1, reports the missing database first and creates nothing', async () => {
    const { folder, database, settings } = await nothing();
    const { code, out } = await ctl(['doctor'], settings);
    expect([code, out]).toEqual([1, expect.stringMatching(`FIX +application +there is no database at ${database}`)]);
    expect(existsSync(folder)).toBe(false);
  });

  test('a database without its keys exits with 1, says where they are missing and creates none', async () => {
    const { directory, keys, settings } = await nothing();
    const database = join(directory, 'op.sqlite');
    await writeFile(database, '');
    const { code, err } = await ctl(['flags', 'list'], { ...settings, DATABASE_URL: `sqlite:${database}` });
    expect([code, err]).toEqual([1, expect.stringContaining(`there is no keys file at ${keys}: check the directory`)]);
    expect(existsSync(keys)).toBe(false);
  });

  test('migrate creates database and keys, and other commands then work', async () => {
    const { database, keys, settings } = await nothing();
    expect((await ctl(['migrate'], settings)).code).toBe(0);
    expect([existsSync(database), existsSync(keys)]).toEqual([true, true]);
    expect(await ctl(['flags', 'list'], settings)).toMatchObject({ code: 0, err: '' });
  });
});
