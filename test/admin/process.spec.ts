import { userInfo } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { databases } from '../support/databases.js';
import { alice } from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';
import { build } from '../support/server-process.js';
import { runCtl, startCtl } from './ctl.js';

const FLAG = 'GLOBAL_TOKEN_REVOCATION';

let server: TestServer;
beforeAll(async () => {
  await build();
  server = await startServer(databases[0]!);
});
afterAll(() => server.stop());

const env = () => ({ DATABASE_URL: server.databaseUrl, ISSUER: server.url });
const revoke = async (id: string): Promise<string> => {
  const { out } = await runCtl(['revoke', '--format', 'uid', '--id', id, '--json'], env());
  return (JSON.parse(out) as { id: string }).id;
};

test('ctl as a process → answers on standard output, ends by itself; its actor is the account it runs under', async () => {
  const ended = await runCtl(['flags', 'list'], env());
  expect(ended).toEqual({ code: 0, out: `${FLAG}  on  (configured)`, err: '' });
  const id = await revoke('alice');
  const { out } = await runCtl(['revocations', 'show', id, '--json'], env());
  expect(JSON.parse(out)).toMatchObject({ subject: alice.id, actor: `cli:${userInfo().username}` });
});

test('wrong usage → 2; a setting that is wrong → 1 and one line that names it', async () => {
  expect(await runCtl(['flags', 'toggle'], env())).toMatchObject({ code: 2, out: '' });
  const err = expect.stringMatching(/^error: Cannot start: .*GTR_NONSENSE.*$/) as string;
  expect(await runCtl(['flags', 'list'], { GTR_NONSENSE: '1' })).toEqual({ code: 1, out: '', err });
});

test('revocations tail → each as it happens, once and no earlier one; Ctrl-C → 0', async () => {
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
