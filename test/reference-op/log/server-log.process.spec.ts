import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { send } from '../../module/endpoint/send.js';
import { freePort } from '../../support/free-port.js';
import type { LogLine } from '../../support/log-capture.js';
import { revoke } from '../../support/operator.js';
import { alice } from '../../support/people.js';
import { build, startProcess } from '../../support/server-process.js';

describe('log of the process', () => {
  let cwd: string;

  beforeAll(async () => {
    await build();
    cwd = await mkdtemp(join(inject('tempDir'), 'log-'));
  });

  const start = async (more: Record<string, string>) => {
    const port = String(await freePort());
    const process = await startProcess(cwd, { PORT: port, DATABASE_URL: 'sqlite:op.sqlite', ...more });
    return { process, url: `http://localhost:${port}` };
  };

  test('GTR_LOG=json prints only JSON objects from start to end', async () => {
    const { process, url } = await start({ GTR_LOG: 'json' });
    await fetch(`${url}/.well-known/openid-configuration?secret=1`);
    await revoke({ endpoint: `${url}/global-token-revocation` }, { format: 'uid', id: 'alice' });
    await process.stop();
    const lines = process
      .stdout()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as LogLine);
    expect(lines.map(({ message }) => message)).toEqual([
      `Ready: ${url}`,
      'GET /.well-known/openid-configuration 200',
      'POST /global-token-revocation 204',
    ]);
    expect(lines[0]!['gtr.settings']).toMatchObject({ ISSUER: url, GTR_STORAGE_KEY: 'not set' });
  });

  test('GTR_LOG=text prints the start message, then revocations and errors only', async () => {
    const { process, url } = await start({});
    const begun = process.stdout().length;
    await fetch(`${url}/.well-known/openid-configuration`);
    await revoke({ endpoint: `${url}/global-token-revocation` }, { format: 'uid', id: 'alice' });
    await send(`${url}/global-token-revocation`, { method: 'GET' });
    await process.stop();
    expect(process.stdout().slice(begun).split('\n')).toEqual([
      expect.stringMatching(/^\d\d:\d\d:\d\d info {2}POST \/global-token-revocation 204 demo-operator \d+ ms$/),
      expect.stringMatching(/^\d\d:\d\d:\d\d warn {2}GET \/global-token-revocation 405 methodNotAllowed \d+ ms$/),
      '',
    ]);
  });

  test('the test notices a password printed after the start message', async () => {
    await writeFile(join(cwd, 'leak.mjs'), `process.on('exit', () => console.log('leak: ${alice.password}'));`);
    const { process } = await start({ NODE_OPTIONS: `--import ${join(cwd, 'leak.mjs')}` });
    await expect(process.stop()).rejects.toThrow(`the log shows ${alice.password}`);
  });

  test('GTR_LOG=off prints the start message only', async () => {
    const { process, url } = await start({ GTR_LOG: 'off' });
    const begun = process.stdout().length;
    await revoke({ endpoint: `${url}/global-token-revocation` }, { format: 'uid', id: 'alice' });
    await process.stop();
    expect(process.stdout().slice(begun)).toBe('');
  });
});
