import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Revocation } from '../../../src/module/revocation/revocation.entity.js';
import { databases, describeEachDatabase } from '../../support/databases.js';
import { alice, bob } from '../../support/people.js';
import { startServer, type TestServer } from '../../support/server.js';
import { build } from '../../support/server-process.js';
import { ctl, type Ended, startCtl } from '../ctl.js';

interface Line {
  line: number;
  result: string;
  subject?: string;
  record?: string;
}

let server: TestServer;
let folder: string;
const files = () => ({ list: join(folder, 'list'), result: join(folder, 'result') });
const env = () => ({ DATABASE_URL: server.databaseUrl, ISSUER: server.url });
const records = (): Promise<Revocation[]> => server.dataSource.manager.find(Revocation);
const results = async (path = files().result): Promise<Line[]> =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
    .sort((a, b) => a.line - b.line);
const runOf = (err: string): string => /^run (\S+):/m.exec(err)![1]!;

async function begin(database: (typeof databases)[number]): Promise<void> {
  server = await startServer(database);
}

describe('ctl revoke --from', () => {
  beforeAll(() => begin(databases[0]!));
  afterAll(() => server.stop());

  /** Runs it on a list in a folder of its own. */
  async function revoke(list: string | Buffer, ...args: string[]): Promise<Ended> {
    folder = await mkdtemp(join(inject('tempDir'), 'bulk-'));
    await writeFile(files().list, list);
    return ctl(['revoke', '--from', files().list, '--result', files().result, ...args], env());
  }
  const again = (...args: string[]): Promise<Ended> =>
    ctl(['revoke', '--from', files().list, '--result', files().result, ...args], env());

  test('revokes the user of each line, with a record and a line of the result file, which only its owner may read', async () => {
    const before = (await records()).length;
    const ended = await revoke('\uFEFFalice\r\n\r\nbob\n', '--format', 'uid', '--reason', 'breach');
    expect(ended).toMatchObject({ code: 0, out: `Revoked 2 users.\nResults: ${files().result}` });
    const lines = await results();
    expect(lines).toMatchObject([
      { line: 1, result: 'revoked', subject: alice.id },
      { line: 3, result: 'revoked', subject: bob.id },
    ]);
    const stored = await records();
    expect(stored).toHaveLength(before + 2);
    for (const { record, subject } of lines) {
      const run = runOf(ended.err);
      expect(stored.find(({ id }) => id === record)).toMatchObject({
        ...{ subject, reason: 'breach', method: 'cli', format: 'uid', requestId: run },
      });
    }
    expect((await stat(files().result)).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['JSON', [], () => '{"format":"uid","id":"alice"}\n{"format":"email","email":"bob@example.com"}'],
    ['email', ['--format', 'email'], () => 'alice@example.com\nbob@example.com'],
    ['iss_sub', ['--format', 'iss_sub', '--iss', 'ISSUER'], () => `${alice.id}\n${bob.id}`],
  ])('takes lines of %s', async (_format, options, list) => {
    const args = options.map((each) => each.replace('ISSUER', server.url));
    expect(await revoke(list(), ...args)).toMatchObject({ code: 0 });
    expect((await results()).map(({ subject }) => subject)).toEqual([alice.id, bob.id]);
  });

  test('names the lines that are invalid, exits with 2 and revokes nobody', async () => {
    const before = (await records()).length;
    const good = '{"format":"uid","id":"alice"}';
    const { code, err } = await revoke([good, 'alice', good, '{"format":"uid"}', '{"format":"x","id":"y"}'].join('\n'));
    expect([code, (await records()).length]).toEqual([2, before]);
    expect(err).toContain('nobody was revoked, because some lines are invalid');
    expect(err.match(/^line \d+/gm)).toEqual(['line 2', 'line 4', 'line 5']);
    const many = await revoke(Array.from({ length: 40 }, () => '-').join('\n'));
    expect(many.err).toContain('and 30 more lines');
  });

  test.each([
    ['an empty list', '\n', ['--format', 'uid'], 'the list is empty'],
    ['a list that is not UTF-8', Buffer.from([0xff]), ['--format', 'uid'], 'cannot be read'],
    ['an unknown format', 'alice', ['--format', 'nonsense'], "unknown format 'nonsense'; formats of this server: "],
    ['a member that is missing', 'x', ['--format', 'iss_sub'], 'one member of iss_sub (iss and sub)'],
    ['a member too many', 'x', ['--format', 'uid', '--id', 'alice'], 'one member of uid (id)'],
    ['a member without a format', 'x', ['--iss', 'https://idp.example'], 'add --format'],
    ['an identifier besides', 'x', ['--sub-id', '{}'], 'omit --sub-id'],
    ['a rate of nothing', 'x', ['--rate', '0'], 'from 1 to'],
    ['an impossible run', 'x', ['--run', 'a b'], '--run'],
  ])('%s exits with 2 and revokes nobody', async (_title, list, options, message) => {
    const before = (await records()).length;
    const { code, err } = await revoke(list, ...options);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    expect(await records()).toHaveLength(before);
  });

  test('a file that is missing, and options without a list, exit with 2', async () => {
    expect(await ctl(['revoke', '--from', '/nowhere'], env())).toMatchObject({ code: 2 });
    expect(await ctl(['revoke', '--format', 'uid', '--id', 'alice', '--rate', '5'], env())).toMatchObject({
      ...{ code: 2, err: expect.stringContaining('add --from') as string },
    });
  });

  test('an unknown user fails alone, with exit code 1; with the same run, only that line is tried again', async () => {
    const before = (await records()).length;
    const ended = await revoke('alice\nnobody\nbob', '--format', 'uid');
    expect(ended).toMatchObject({ code: 1, out: expect.stringContaining('Failed: 1 not found.') as string });
    const lines = await results();
    expect(lines.map(({ result }) => result)).toEqual(['revoked', 'not_found', 'revoked']);
    expect((await again('--format', 'uid')).err).toContain('result file cannot be written');
    const repeated = await again('--format', 'uid', '--run', runOf(ended.err), '--json');
    expect(JSON.parse(repeated.out)).toMatchObject({ revoked: 2, earlier: 2, failed: { not_found: 1 }, left: 0 });
    expect(repeated.code).toBe(1);
    expect((await results()).map(({ record }) => record)).toEqual(lines.map(({ record }) => record));
    expect(await records()).toHaveLength(before + 2);
  });

  test('a run continues with a longer list: users whose line is new or has moved are revoked', async () => {
    const ended = await revoke('alice\nbob', '--format', 'uid');
    const before = (await records()).length;
    await writeFile(files().list, 'alice\nalice\nbob');
    const longer = await again('--format', 'uid', '--run', runOf(ended.err), '--json');
    expect(JSON.parse(longer.out)).toMatchObject({ revoked: 3, earlier: 1 });
    expect(await records()).toHaveLength(before + 2);
  });

  test('a run that revoked nobody of the list exits with 3 and revokes nobody', async () => {
    const before = (await records()).length;
    const { code, err } = await revoke('alice', '--format', 'uid', '--run', 'another');
    expect([code, err]).toEqual([3, expect.stringContaining('omit --run')]);
    expect(await records()).toHaveLength(before);
  });

  test('--rate limits the users per second', async () => {
    const { err } = await revoke('alice\n'.repeat(16), '--format', 'uid', '--rate', '15');
    const times = (await records()).filter(({ requestId }) => requestId === runOf(err)).map((each) => each.createdAt);
    expect(times).toHaveLength(16);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(700);
  });

  test('--dry-run finds the users, revokes nobody and writes no file', async () => {
    const before = (await records()).length;
    const { code, out } = await revoke('alice\nnobody', '--format', 'uid', '--dry-run');
    expect([code, out]).toEqual([1, 'Would revoke 1 user. Nothing was changed.\nFailed: 1 not found.']);
    expect(await records()).toHaveLength(before);
    await expect(stat(files().result)).rejects.toThrow('ENOENT');
  });
});

describeEachDatabase('ctl revoke --from, killed in the middle', (database) => {
  const LINES = 400;
  beforeAll(async () => {
    await build();
    await begin(database);
  });
  afterAll(() => server.stop());

  test('continues with --run where it stopped, and nobody is revoked twice', { timeout: 180_000 }, async () => {
    folder = await mkdtemp(join(inject('tempDir'), 'bulk-'));
    const list = Array.from({ length: LINES }, (_, i) => (i % 3 === 0 ? 'alice' : 'bob')).join('\n');
    await writeFile(files().list, list);
    const args = ['revoke', '--format', 'uid', '--result', files().result];
    const killed = await startCtl([...args, '--from', '-', '--rate', '200'], env(), list);
    await killed.until((_out, err) => err.includes('--run'));
    while ((await server.dataSource.manager.count(Revocation)) < 50) await sleep(20);
    await killed.kill();
    const run = runOf(killed.err());
    const before = (await records()).length;
    expect(before).toBeLessThan(LINES);

    const stop = new AbortController();
    const second = ctl([...args, '--from', files().list, '--run', run, '--rate', '200'], env(), stop.signal);
    while ((await server.dataSource.manager.count(Revocation)) < before + 50) await sleep(20);
    stop.abort(); // Ctrl-C
    const interrupted = { code: 130, out: expect.stringContaining(`continue with --run ${run}.`) as string };
    expect(await second).toMatchObject(interrupted);

    const { code, out } = await ctl([...args, '--from', files().list, '--run', run], env());
    expect([code, out]).toEqual([0, `Revoked ${LINES} users.\nResults: ${files().result}`]);
    const stored = await records();
    const written = new Set((await results()).map(({ record }) => record));
    expect([written.size, written]).toEqual([LINES, new Set(stored.map(({ id }) => id))]);
    for (const { id } of [alice, bob]) {
      const chain = stored.filter(({ subject }) => subject === id).toSorted((a, b) => a.epochAfter - b.epochAfter);
      const befores = chain.slice(1).map(({ epochBefore }) => epochBefore);
      expect(befores).toEqual(chain.slice(0, -1).map(({ epochAfter }) => epochAfter)); // no raise without a record
    }
  });
});
