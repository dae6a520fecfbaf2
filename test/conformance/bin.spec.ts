import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { signInForConformance } from '../support/conformance.js';
import { demoNoScope, demoOperator } from '../support/people.js';
import { databases } from '../support/databases.js';
import { startServer, type TestServer } from '../support/server.js';

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the published command in a process of its own. */
async function conformance(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const run = promisify(execFile)(process.execPath, ['src/conformance/dist/main.js', ...args], {
    env: { ...process.env, ...env },
  });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Ended) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
  );
}

const operator = ['--client-id', demoOperator.clientId];

describe('global-token-revocation-conformance', () => {
  let server: TestServer;
  let dir: string;
  let signIns: Server;
  beforeAll(async () => {
    server = await startServer(databases[0]!);
    dir = await mkdtemp(join(inject('tempDir'), 'conformance-'));
    signIns = createServer((request, response) => {
      void signInForConformance(server, request.url === '/person' ? 'person' : 'other').then((person) =>
        response.end(JSON.stringify(person)),
      );
    });
    await new Promise<void>((resolve) => signIns.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    signIns.close();
    await server.stop();
  });
  const quickSignIn = (): string[] => [
    '--sign-in',
    `curl -sf http://127.0.0.1:${(signIns.address() as AddressInfo).port}/$WHO`,
  ];

  const against = (args: string[]): Promise<Ended> =>
    conformance(['--base-url', server.url, ...operator, ...args], {
      CLIENT_SECRET: demoOperator.secret,
      OP: server.url,
    });

  test('with a sign-in command → nothing fails; the page and the JSON say the same', async () => {
    const config = join(dir, 'conformance.json');
    const { clientId: client_id, secret: client_secret } = demoNoScope;
    await writeFile(config, JSON.stringify({ caller_without_scope: { client_id, client_secret } }));
    const files = { html: join(dir, 'report.html'), json: join(dir, 'report.json') };
    const ended = await against([
      ...quickSignIn(),
      '--only',
      '3,5,8,9,11,13,15,18,42,51',
      '--config',
      config,
      '--html',
      files.html,
      '--json',
      files.json,
    ]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/✓ {2}8 {2}revoked → the refresh token is refused \(draft-06 §3\.3\)/);
    const { results } = JSON.parse(await readFile(files.json, 'utf8')) as { results: Array<{ outcome: string }> };
    const passed = results.filter(({ outcome }) => outcome === 'passed').length;
    expect(ended.stdout).toContain(`${passed} passed, 0 failed, 0 warning, `);
    expect(await readFile(files.html, 'utf8')).toContain(`${passed} passed`);
  });

  test('the whole list, signing in with nothing but curl, limits as the guide sets them → nothing fails', async () => {
    const limits = { GTR_CALLS_PER_MINUTE: '600', GTR_TOTAL_CALLS_PER_MINUTE: '3000' };
    const limited = await startServer(databases[0]!, { env: limits });
    const args = ['--base-url', limited.url, ...operator, '--sign-in', 'docs/conformance-sign-in.sh'];
    const ended = await conformance(args, { CLIENT_SECRET: demoOperator.secret, OP: limited.url });
    await limited.stop();
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/\n66 passed, 0 failed, 0 warning, 35 not tested\n$/);
    expect(ended.stdout).toMatch(/✓ {2}8 {2}revoked → the refresh token is refused/);
    expect(ended.stdout).toMatch(/✓ 57 {2}revoked → the browser session is over/);
    expect(ended.stdout).toMatch(/– 37 {2}did that is not valid → 400/);
  });

  test('without one → what needs a person reads "not tested", never "passed"', async () => {
    const { code, stdout } = await against([]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/– {2}8 {2}revoked → the refresh token is refused/);
    expect(stdout).not.toMatch(/✓ .*(revoked →|of the person|stays signed in)/);
  });

  test('revocation switched off → fails, exit code 1', async () => {
    const off = await startServer(databases[0]!, { env: { GTR_FEATURE_FLAGS: 'GLOBAL_TOKEN_REVOCATION=off' } });
    const args = ['--base-url', off.url, '--endpoint', off.endpoint, ...operator, ...quickSignIn(), '--only', '11'];
    const { code, stdout } = await conformance(args, { CLIENT_SECRET: demoOperator.secret });
    await off.stop();
    expect(code).toBe(1);
    expect(stdout).toContain('failed: expected status 204, got 403');
  });

  test.each([
    [[], 2, '--base-url is missing'],
    [['--base-url', 'op.example.com'], 2, '--base-url must be an http or https URL'],
    [['--base-url', 'http://127.0.0.1:9', '--nonsense'], 2, '--nonsense'],
    [['--base-url', 'http://127.0.0.1:9', '--client-id', 'a'], 2, 'CLIENT_SECRET'],
    [['--base-url', 'http://127.0.0.1:9', '--config', 'no-such.json'], 2, 'no-such.json'],
    [['--base-url', 'http://127.0.0.1:9'], 3, 'no answer from http://127.0.0.1:9'],
  ])('%j → exit code %i, and says why', async (args, code, why) => {
    const ended = await conformance(args);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(why);
  });

  test('a caller that is none → exit code 2, and says what it must be', async () => {
    const config = join(dir, 'no-caller.json');
    await writeFile(config, JSON.stringify({ caller: { client_id: 'operator' } }));
    expect(await conformance(['--base-url', 'http://127.0.0.1:9', '--config', config])).toMatchObject({
      code: 2,
      stderr: 'caller must have client_id and client_secret, or access_token, or authorization\n',
    });
  });

  test('a sign-in command that fails → exit code 3, and says why; what needs nobody is tested', async () => {
    const [html, json] = ['html', 'json'].map((type) => join(dir, `without.${type}`)) as [string, string];
    const hook = `echo run >> ${join(dir, 'runs')}; echo nobody home >&2; exit 1`;
    const { code, stderr, stdout } = await against(['--sign-in', hook, '--html', html, '--json', json]);
    const why = 'the sign-in command failed: nobody home';
    expect({ code, stderr: stderr.trim() }).toEqual({ code: 3, stderr: why });
    expect(stdout).toMatch(/✓ 14 {2}wrong secret → 401/);
    expect(stdout).toContain('–  8  revoked → the refresh token is refused');
    expect(await readFile(html, 'utf8')).toContain(`not tested: ${why}`);
    expect(await readFile(json, 'utf8')).toContain(why);
    expect(await readFile(join(dir, 'runs'), 'utf8')).toBe('run\n');
  });

  test('one that fails for the other only → what needs the person is tested all the same', async () => {
    const [, quick] = quickSignIn();
    const { code, stdout } = await against(['--sign-in', `[ "$WHO" = person ] && ${quick}`, '--only', '7,11']);
    expect(code).toBe(3);
    expect(stdout).toMatch(/✓ 11 {2}valid request → 204/);
    expect(stdout).toMatch(/– {2}7 {2}revoked → nobody else is/);
  });
});
