import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { connect } from 'node:net';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { demoClients, demoPeople } from '../../src/reference-op/demo-data.js';
import { Browser } from '../support/browser.js';
import { describeEachServer } from '../support/databases.js';
import { freePort } from '../support/free-port.js';
import { revoke } from '../support/operator.js';
import { alice, bob } from '../support/people.js';
import { RelyingParty } from '../support/relying-party.js';
import { build, failingStart, type ServerProcess, startProcess } from '../support/server-process.js';
import type { TestServer } from '../support/server.js';
import { isInstalled } from '../support/tools.js';

describeEachServer('the server as a newcomer starts it', (database) => {
  let cwd: string;
  let settings: { PORT: string; DATABASE_URL: string };
  let url: string;
  let drop: () => Promise<void>;
  let server: ServerProcess | undefined;
  const starts: ServerProcess[] = [];

  const start = async (): Promise<void> => {
    server = await startProcess(cwd, settings, database.adapter);
    starts.push(server);
  };

  beforeAll(async () => {
    await build();
    cwd = await mkdtemp(join(inject('tempDir'), 'start-'));
    const created = await database.create();
    drop = created.drop;
    const PORT = String(await freePort());
    settings = { PORT, DATABASE_URL: created.url };
    url = `http://localhost:${PORT}`;
    await start();
  });
  afterAll(async () => {
    await server?.stop();
    await drop();
  });

  test('the first start prints address, discovery, users and clients with their secrets', async () => {
    const output = server!.output();
    expect(output).toContain(`Ready: ${url}\n`);
    for (const { uid, password } of demoPeople) expect(output).toMatch(new RegExp(`${uid} +${password}`));
    for (const { clientId, secret } of demoClients) expect(output).toMatch(new RegExp(`${clientId}: .*\n +${secret}`));
    const discovery = /http\S+openid-configuration/.exec(output)![0];
    expect(await (await fetch(discovery)).json()).toMatchObject({
      issuer: url,
      global_token_revocation_endpoint: `${url}/global-token-revocation`,
    });
  });

  test.runIf(isInstalled('curl'))('the printed curl command revokes alice when bash runs it', async () => {
    const app = await RelyingParty.discover({ url } as TestServer);
    const tokens = await app.signIn(new Browser(url), alice);
    const line = /^ *(curl [\s\S]*)$/m.exec(server!.output())![1]!;
    const { stdout } = await promisify(execFile)('bash', ['-c', line]);
    expect(stdout).toMatch(/^HTTP\/1\.1 204 /);
    expect((await app.introspect(tokens.access_token)).active).toBe(false);
  });

  test('acct:alice@localhost is alice', async () => {
    const endpoint = `${url}/global-token-revocation`;
    expect((await revoke({ endpoint }, { format: 'account', uri: 'acct:alice@localhost' })).status).toBe(204);
    expect((await revoke({ endpoint }, { format: 'account', uri: 'acct:Alice@localhost' })).status).toBe(404);
  });

  test('a restart keeps data, sessions and tokens and prints the same', async () => {
    const app = await RelyingParty.discover({ url } as TestServer);
    const browser = new Browser(url);
    const tokens = await app.signIn(browser, bob);
    const said = (): string => server!.output().replaceAll(/^\d\d:\d\d:\d\d .*\n/gm, ''); // what the log added since
    const before = said();
    await server!.stop();
    await start();

    expect(said()).toBe(before);
    expect(await app.introspect(tokens.access_token)).toMatchObject({ active: true, sub: bob.id });
    expect((await app.silently(browser)).url.searchParams.get('code')).toBeTruthy();
  });

  // What a newcomer starts. On Express the test loads both adapters.
  test.each(database.adapter === 'fastify' ? [3000] : [])(
    'is ready in under %d ms, or with less than twice that of work on a busy machine',
    (limit) => {
      const times = starts.map(({ readyAfter, busyFor }) => `${readyAfter} ms (${busyFor} ms of work)`);
      console.log(`ready after ${times.join(', ')} on ${database.name}`);
      const isBusy = loadavg()[0]! > 0.75 * availableParallelism();
      const least = Math.min(...starts.map(({ readyAfter, busyFor }) => (isBusy ? busyFor : readyAfter)));
      expect(least).toBeLessThan(isBusy ? 2 * limit : limit);
    },
  );

  test('stops within 10 s of SIGTERM with an idle and a kept-alive socket open', async () => {
    const idle = connect(Number(settings.PORT), 'localhost').on('error', () => {});
    await new Promise((resolve) => idle.once('connect', resolve));
    await (await fetch(url)).text();
    const took = await server!.stop();
    idle.destroy();
    expect(took).toBeLessThan(10_000);
    await start();
  });

  test('exits with 1 and one line when the port is taken', async () => {
    const { code, lines } = await failingStart(cwd, settings, database.adapter);
    expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringContaining('EADDRINUSE') as string] });
  });
});
