import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { readCommandLine } from '../../src/conformance/command-line.js';

const base = ['--base-url', 'https://op.example.com'];

async function withConfig(config: unknown): Promise<string[]> {
  const file = join(await mkdtemp(join(inject('tempDir'), 'config-')), 'conformance.json');
  await writeFile(file, typeof config === 'string' ? config : JSON.stringify(config));
  return ['--config', file];
}

describe('the command line', () => {
  test('--only and --skip take sections separated by commas and may be repeated', () => {
    const args = [...base, '--only', 'RFC 9493 §3.2, draft-06 §3.3', '--only', 'Okta', '--skip', 'RFC 6750'];
    expect(readCommandLine(args, {})).toMatchObject({
      action: 'test',
      only: ['RFC 9493 §3.2', 'draft-06 §3.3', 'Okta'],
      skip: ['RFC 6750'],
    });
  });

  test.each([
    [['--json', '--list'], 'list', '-'],
    [['--list', '--json'], 'list', '-'],
    [['--list', '--json', 'list.json'], 'list', 'list.json'],
    [[...base, '--json', '-'], 'test', '-'],
    [[...base, '--json', 'report.json'], 'test', 'report.json'],
  ])('%j: action %s, JSON to %s', (args, action, json) => {
    expect(readCommandLine(args, {})).toMatchObject({ action, files: { json } });
  });

  test('options override the configuration file', async () => {
    const config = await withConfig({ base_url: 'https://other.example.com', caller: { access_token: 'a' } });
    const args = [...config, ...base, '--client-id', 'operator'];
    expect(readCommandLine(args, { CLIENT_SECRET: 'secret' }).target).toEqual({
      base_url: 'https://op.example.com',
      caller: { client_id: 'operator', client_secret: 'secret' },
    });
  });

  test.each([
    [[], 'missing --base-url: set it to the issuer of the server'],
    [['--base-url'], "option '--base-url <value>' argument missing; --help lists the options"],
    [['--base-url', 'op.example.com'], '--base-url must be an http or https URL'],
    [[...base, '--endpoint', 'ftp://op.example.com'], '--endpoint must be an http or https URL'],
    [[...base, '--nonsense'], "unknown option '--nonsense'; --help lists the options"],
    [[...base, 'more'], "unexpected argument 'more'; --help lists the options"],
    [
      [...base, '--client-id', 'a'],
      '--client-id: missing client secret; put it in the environment variable CLIENT_SECRET',
    ],
    [[...base, '--config', 'no-such.json'], '--config no-such.json: ENOENT: no such file or directory'],
  ])('%j is an error', (args, message) => {
    expect(() => readCommandLine(args, {})).toThrow(message);
  });

  const secret = { client_id: 'a', client_secret: 'b' };
  const key = { kty: 'EC', alg: 'ES256', d: '…' };

  test.each<[unknown, string]>([
    ['[]', 'it must contain a JSON object'],
    [{ nonsense: 1 }, '--config: nonsense is unknown; known: base_url, endpoint, caller, caller_without_scope, '],
    [{ caller: { client_id: 'a' } }, '--config: caller must be an object with client_id and client_secret, or with'],
    [{ restricted_caller: secret }, '--config: restricted_caller must be an object with client_id, client_secret and'],
    [{ assertion_caller: { client_id: 'a' } }, '--config: assertion_caller must be an object with client_id and key'],
    [{ assertion_caller: { client_id: 'a', key: { ...key, alg: 'HS256' } } }, 'asymmetric alg'],
    [{ identity_provider: { key } }, '--config: identity_provider must be an object with issuer and key'],
    [{ identity_provider: { issuer: 'https://idp.example', key, outside: 'bob' } }, 'outside is a subject identifier'],
    [{ ambiguous: 'kitchen' }, '--config: ambiguous must be a subject identifier'],
    [{ unknown_subject_status: 200 }, '--config: unknown_subject_status must be 204 or 404'],
  ])('%j is an error that explains the expected value', async (config, message) => {
    const args = [...base, ...(await withConfig(config))];
    expect(() => readCommandLine(args, {})).toThrow(message);
  });
});
