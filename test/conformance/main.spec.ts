import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { HELP } from '../../src/conformance/help.js';
import { groups } from '../../src/conformance/requirements/all.js';
import { signInForConformance } from '../support/conformance.js';
import { API, jwtSettings } from '../support/jwt-api.js';
import { demoNoScope, demoOperator } from '../support/people.js';
import { databases } from '../support/databases.js';
import { startForTest, serverFixture } from '../support/server.js';
import { isInstalled } from '../support/tools.js';

// A whole run waits for rate limits, in a process of its own.
vi.setConfig({ testTimeout: 480_000 });

const manifest = JSON.parse(await readFile('src/conformance/package.json', 'utf8')) as { version: string };

interface Row {
  specification: string;
  section: string;
  outcome: string;
}

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
  const server = serverFixture(databases[0]!);
  let dir: string;
  let signIns: Server;
  beforeAll(async () => {
    dir = await mkdtemp(join(inject('tempDir'), 'conformance-'));
    signIns = createServer((request, response) => {
      void signInForConformance(server, request.url === '/person' ? 'person' : 'other').then((person) =>
        response.end(JSON.stringify(person)),
      );
    });
    await new Promise<void>((resolve) => signIns.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => signIns.close());
  const quickSignIn = (): string[] => [
    '--sign-in',
    `node --input-type=module -e "console.log(await (await fetch('http://127.0.0.1:${(signIns.address() as AddressInfo).port}/$WHO')).text())"`,
  ];

  const against = (args: string[]): Promise<Ended> =>
    conformance(['--base-url', server.url, ...operator, ...args], {
      CLIENT_SECRET: demoOperator.secret,
      OP: server.url,
    });

  test('a run with a sign-in command has no failures, and all reports agree', async () => {
    const config = join(dir, 'conformance.json');
    const { clientId: client_id, secret: client_secret } = demoNoScope;
    await writeFile(config, JSON.stringify({ caller_without_scope: { client_id, client_secret } }));
    const files = { html: join(dir, 'report.html'), junit: join(dir, 'report.xml'), json: join(dir, 'report.json') };
    const reports = Object.entries(files).flatMap(([format, file]) => [`--${format}`, file]);
    const only = [
      '--only',
      'draft-06 §3.3, draft-06 §3.4, RFC 7662',
      '--only',
      'RFC 6750 §3.1',
      '--skip',
      'draft-06 §3.4.1',
    ];
    const ended = await against([
      ...quickSignIn(),
      ...only,
      '--config',
      config,
      '--server',
      'Reference OP 1',
      ...reports,
    ]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/✓ draft-06 §3\.3 \(b\) {4}A revocation ends the refresh token\n/);
    const report = JSON.parse(await readFile(files.json, 'utf8')) as Record<string, unknown> & { results: Row[] };
    expect(report).toMatchObject({
      suite: { version: manifest.version },
      base_url: server.url,
      server: 'Reference OP 1',
    });
    expect([...new Set(report.results.map(({ specification, section }) => `${specification} §${section}`))]).toEqual([
      ...['draft-06 §3.4.2', 'draft-06 §3.4', 'draft-06 §3.3', 'RFC 6750 §3.1', 'RFC 7662 §2.2'],
    ]);
    const passed = report.results.filter(({ outcome }) => outcome === 'passed').length;
    expect(ended.stdout).toContain(`0 failed, 0 warnings, ${passed} passed, 1 not tested\n`);
    expect(await readFile(files.html, 'utf8')).toContain(`✓ ${passed} passed`);
    expect(await readFile(files.junit, 'utf8')).toContain(`tests="${passed + 1}" failures="0" errors="0" skipped="1"`);
  });

  test('--json without a file prints only JSON on standard output', async () => {
    const { stdout } = await against(['--only', 'draft-06 §3.2 (b)', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      server: 'unknown',
      results: [{ id: 'draft-06 §3.2 (b)', requirement: 'A request without sub_id gets 400', outcome: 'passed' }],
    });
  });

  test.runIf(isInstalled('curl'))(
    'all requirements pass with a sign-in by curl and the rate limits of the guide',
    async () => {
      const limits = { GTR_CALLS_PER_MINUTE: '600', GTR_TOTAL_CALLS_PER_MINUTE: '3000' };
      const limited = await startForTest(databases[0]!, { env: { ...limits, ...jwtSettings } });
      const args = ['--base-url', limited.url, ...operator, '--sign-in', 'docs/conformance-sign-in.sh'];
      const env = { CLIENT_SECRET: demoOperator.secret, OP: limited.url, RESOURCE: API };
      const ended = await conformance(args, env);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(ended.stdout).toMatch(/\n0 failed, 0 warnings, 69 passed, 43 not tested\n$/);
      expect(ended.stdout).toContain('✓ draft-06 §3.3 (b)    A revocation ends the refresh token');
      expect(ended.stdout).toContain('✓ Okta §Revocation details (a)  A revocation ends the browser session');
      expect(ended.stdout).toMatch(/✓ Token Status List §8\.3 +JWT access tokens end within the advertised ttl/);
      expect(ended.stdout).toContain('– RFC 9493 §3.2.6 (d)  did: an invalid value gets 400');
    },
  );

  test('requirements that need a user are not tested without a sign-in command', async () => {
    const { code, stdout } = await against([]);
    expect(code).toBe(0);
    expect(stdout).toContain('– draft-06 §3.3 (b)    A revocation ends the refresh token');
    expect(stdout).toContain('not tested: needs a command that signs a person in (--sign-in)');
    expect(stdout).not.toMatch(/✓ .*(A revocation|the person|revokes nobody)/);
  });

  test('exits with 1 when revocation is switched off', async () => {
    const off = await startForTest(databases[0]!, { env: { GTR_FEATURE_FLAGS: 'GLOBAL_TOKEN_REVOCATION=off' } });
    const args = [
      '--base-url',
      off.url,
      '--endpoint',
      off.endpoint,
      ...operator,
      ...quickSignIn(),
      '--only',
      'draft-06 §3.4.1',
    ];
    const { code, stdout } = await conformance(args, { CLIENT_SECRET: demoOperator.secret });
    expect(code).toBe(1);
    expect(stdout).toContain('failed: expected status 204, got 403');
  });

  test.each([
    [[], 2, 'missing --base-url: set it to the issuer of the server\n'],
    [['--list', '--only', 'RFC 9999'], 2, "--only: no requirement in 'RFC 9999'; --list shows all of them\n"],
    [['--base-url', 'http://127.0.0.1:9'], 3, /^no answer from http:\/\/127\.0\.0\.1:9: .+\n$/],
  ])('%j exits with %i and explains why in one line', async (args, code, why) => {
    expect(await conformance(args)).toEqual({ code, stdout: '', stderr: expect.stringMatching(why) });
  });

  test.each([
    ['--help', HELP],
    ['--version', `${manifest.version}\n`],
  ])('%s', async (option, stdout) => {
    expect(await conformance([option])).toEqual({ code: 0, stdout, stderr: '' });
  });

  test('--list prints all requirements without a server', async () => {
    const { code, stdout } = await conformance(['--list']);
    expect(code).toBe(0);
    const lines = stdout.split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, '  '));
    for (const { id, level, text } of groups.flatMap(({ requirements }) => requirements))
      expect(lines).toContain(`${id}  ${level}  ${text}`);
  });

  test('exits with 3 when the sign-in command fails, and tests what needs no user', async () => {
    const [html, json] = ['html', 'json'].map((type) => join(dir, `without.${type}`)) as [string, string];
    const hook = `echo run >> ${join(dir, 'runs')}; echo nobody home >&2; exit 1`;
    const { code, stderr, stdout } = await against(['--sign-in', hook, '--html', html, '--json', json]);
    const why = 'the sign-in command failed: nobody home';
    expect({ code, stderr: stderr.trim() }).toEqual({ code: 3, stderr: why });
    expect(stdout).toContain('✓ draft-06 §3.4.2 (g)  A wrong client secret gets 401');
    expect(stdout).toContain('– draft-06 §3.3 (b)    A revocation ends the refresh token');
    expect(await readFile(html, 'utf8')).toContain(`not tested: ${why}`);
    expect(await readFile(json, 'utf8')).toContain(why);
    expect(await readFile(join(dir, 'runs'), 'utf8')).toBe('run\n');
  });

  test('tests what needs one user when the sign-in command fails for WHO=other', async () => {
    const [, quick] = quickSignIn();
    const { code, stdout } = await against([
      '--sign-in',
      `[ "$WHO" = person ] && ${quick}`,
      '--only',
      'draft-06 §3.3 (f), draft-06 §3.4.1',
    ]);
    expect(code).toBe(3);
    expect(stdout).toContain('✓ draft-06 §3.4.1 (a)  A valid request gets 204');
    expect(stdout).toContain("– draft-06 §3.3 (f)    A revocation does not end other people's tokens");
  });
});
