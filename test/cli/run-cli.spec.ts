import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import { databases } from '../support/databases.js';
import { alice } from '../support/people.js';
import { serverFixture } from '../support/server.js';
import { build } from '../support/server-process.js';
import { ctlJson, runCtl, startCtl } from './ctl.js';

const FLAG = 'GLOBAL_TOKEN_REVOCATION';

const server = serverFixture(databases[0]!);
beforeAll(async () => {
  await build();
});

const env = () => ({ DATABASE_URL: server.databaseUrl, ISSUER: server.url });
const revoke = async (id: string): Promise<string> => {
  const { out } = await runCtl(['revoke', '--format', 'uid', '--id', id, '--json'], env());
  return (JSON.parse(out) as { id: string }).id;
};

test('ctl as a process prints its answer, exits and records the account it runs under', async () => {
  const ended = await runCtl(['flags', 'list'], env());
  expect(ended).toEqual({ code: 0, out: `${FLAG}  on  (configured)\nSHARED_SIGNALS  off  (configured)`, err: '' });
  const id = await revoke('alice');
  const { out } = await runCtl(['revocations', 'show', id, '--json'], env());
  expect(JSON.parse(out)).toMatchObject({ subject: alice.id, actor: `cli:${userInfo().username}` });
});

test('ctl exits with 2 for wrong usage, and with 1 and one line for an invalid setting', async () => {
  expect(await runCtl(['flags', 'toggle'], env())).toMatchObject({ code: 2, out: '' });
  const err = expect.stringMatching(/^error: cannot start: .*GTR_NONSENSE.*$/) as string;
  expect(await runCtl(['flags', 'list'], { GTR_NONSENSE: '1' })).toEqual({ code: 1, out: '', err });
});

test('revocations tail prints each new revocation once and exits with 0 on Ctrl-C', async () => {
  await revoke('alice');
  const tail = await startCtl(['revocations', 'tail', '--json'], env());
  await tail.until((_out, err) => err.includes('waiting'));
  const ids = [await revoke('bob'), await revoke('alice')];
  await tail.until((out) => out.split('\n').length > ids.length);
  tail.interrupt();
  const { code, out } = await tail.ended();
  expect(code).toBe(0);
  expect(out.split('\n').map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(ids);
});

describe('output that cannot be written', () => {
  const run = async (script: string) => {
    const settings = { PATH: process.env.PATH, GTR_DATA_DIR: server.dataDir, ...env() };
    const ctl = `'${process.execPath}' '${join(process.cwd(), 'src/reference-op/dist/ctl.js')}'`;
    const shell = spawn('bash', ['-c', script.replaceAll('ctl', ctl)], {
      env: settings,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [err] = await Promise.all([text(shell.stderr), once(shell, 'close')]);
    return { code: shell.exitCode, err };
  };
  const secrets = async (id: string): Promise<number> => {
    const clients = await ctlJson<Array<{ clientId: string; secrets: unknown[] }>>(['clients', 'list'], env());
    return clients.find(({ clientId }) => clientId === id)!.secrets.length;
  };

  test('a full disk: exits with 1 and says so in one line', async () => {
    const err = expect.stringMatching(/^error: the answer could not be written \(ENOSPC.*\n$/) as string;
    expect(await run('ctl flags list > /dev/full')).toEqual({ code: 1, err });
  });

  test('a reader that closes the pipe: exits with 0 and prints nothing', async () => {
    expect(await run('set -o pipefail; ctl --help | true')).toEqual({ code: 0, err: '' });
  });

  test.each(['>&-', '> /dev/null'])('exits with 2 and creates no secret that would go to %s', async (nowhere) => {
    const { code, err } = await run(`ctl clients rotate-secret demo-operator ${nowhere}`);
    expect([code, err]).toEqual([2, expect.stringMatching(/^error: standard output is closed or .* would be lost/)]);
    expect(await secrets('demo-operator')).toBe(1);
  });
});

test('ctl exits with 130 when interrupted', async () => {
  const mute = createServer(() => {}).listen(0, '127.0.0.1'); // takes identityProviders, and says nothing
  await once(mute, 'listening');
  const { port } = mute.address() as AddressInfo;
  const waiting = await startCtl(['flags', 'list'], { DATABASE_URL: `mariadb://a:b@127.0.0.1:${port}/c` });
  await once(mute, 'connection');
  waiting.interrupt();
  expect(await waiting.ended()).toEqual({ code: 130, out: '', err: '' });
  mute.close();
});
