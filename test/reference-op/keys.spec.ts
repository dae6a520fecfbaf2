import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { loadKeys } from '../../src/reference-op/keys.js';
import { SettingsError } from '../../src/reference-op/settings/settings-error.js';
import { loadSettings } from '../../src/reference-op/settings/settings-load.js';

const root = mkdtempSync(join(tmpdir(), 'keys-'));
afterAll(() => rmSync(root, { recursive: true }));
const freshDirectory = () => mkdtempSync(join(root, 'd-'));
const keysFile = (directory: string) => join(directory, 'development-keys.json');
const load = (env: NodeJS.ProcessEnv) => loadKeys(loadSettings(env));
const COOKIE_KEYS = ['a'.repeat(32), 'b'.repeat(40)];
const STORAGE_KEY = Buffer.alloc(32, 9).toString('base64url');
const OLDER_STORAGE_KEY = Buffer.alloc(32, 8).toString('base64url');

function file(content: string): string {
  const path = join(freshDirectory(), 'file');
  writeFileSync(path, content);
  return path;
}

async function refusal(env: NodeJS.ProcessEnv): Promise<string> {
  const error: unknown = await load(env).then(
    () => new Error('the keys were accepted'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SettingsError);
  const { message } = error as SettingsError;
  expect(message).not.toMatch(/[\r\n]/);
  return message;
}

const jwk = (kid: string, key: { export(options: { format: 'jwk' }): object }): Record<string, unknown> => ({
  ...key.export({ format: 'jwk' }),
  kid,
});
const RSA = jwk('rsa', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
const SMALL_RSA = jwk('small', generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey);
const EC = jwk('ec', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const OTHER_EC = jwk('other', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const ED25519 = jwk('ed', generateKeyPairSync('ed25519').privateKey);
const X25519 = jwk('x', generateKeyPairSync('x25519').privateKey);
const PUBLIC_RSA = { kty: RSA['kty'], n: RSA['n'], e: RSA['e'], kid: 'public' };

describe('outside production', () => {
  test('generates missing keys and keeps them at the next start', async () => {
    const directory = join(freshDirectory(), 'made', 'on', 'the', 'way');
    const first = await load({ GTR_DATA_DIR: directory });
    const content = readFileSync(keysFile(directory), 'utf8');
    const second = await load({ GTR_DATA_DIR: directory });
    expect(second).toEqual(first);
    expect(readFileSync(keysFile(directory), 'utf8')).toBe(content);
    expect(readdirSync(directory)).toEqual(['development-keys.json']);
  });

  test('generates RS256 with 2048 bits, ES256, two cookie keys and 32-byte keys', async () => {
    const { signing, cookies, storage, audit } = await load({ GTR_DATA_DIR: freshDirectory() });
    expect(signing.keys.map(({ kty, alg, use }) => [kty, alg, use])).toEqual([
      ['RSA', 'RS256', 'sig'],
      ['EC', 'ES256', 'sig'],
    ]);
    expect(new Set(signing.keys.map(({ kid }) => kid)).size).toBe(2);
    const rsa = createPrivateKey({ key: signing.keys[0] ?? {}, format: 'jwk' });
    expect(rsa.asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(new Set(cookies).size).toBe(2);
    expect(cookies.every((key) => key.length >= 32)).toBe(true);
    expect(storage).toEqual([expect.any(Uint8Array)]);
    expect(storage[0]).toHaveLength(32);
    expect(audit).toHaveLength(32);
    expect(audit).not.toEqual(storage[0]);
  });

  test('makes the file of generated keys readable by its owner only', async () => {
    const directory = freshDirectory();
    await load({ GTR_DATA_DIR: directory });
    expect(statSync(keysFile(directory)).mode & 0o777).toBe(0o600);
  });

  test('eight parallel starts agree on one set of keys and leave nothing behind', async () => {
    const directory = freshDirectory();
    const all = await Promise.all(Array.from({ length: 8 }, () => load({ GTR_DATA_DIR: directory })));
    expect(new Set(all.map((keys) => JSON.stringify(keys))).size).toBe(1);
    expect(readdirSync(directory)).toEqual(['development-keys.json']);
  });

  test('generates only the keys that are not configured', async () => {
    const directory = freshDirectory();
    const env = { GTR_DATA_DIR: directory, GTR_COOKIE_KEYS: COOKIE_KEYS.join(',') };
    const keys = await load(env);
    expect(keys.cookies).toEqual(COOKIE_KEYS);
    expect(keys.signing.keys).toHaveLength(2);
    expect(await load(env)).toEqual(keys);
  });

  test('generates nothing when all keys are configured', async () => {
    const directory = freshDirectory();
    await load({
      GTR_DATA_DIR: directory,
      GTR_SIGNING_KEYS_FILE: file(JSON.stringify({ keys: [RSA] })),
      GTR_COOKIE_KEYS: COOKIE_KEYS.join(','),
      GTR_STORAGE_KEY: STORAGE_KEY,
    });
    expect(readdirSync(directory)).toEqual([]);
  });

  const good = async () => {
    const directory = freshDirectory();
    await load({ GTR_DATA_DIR: directory });
    return readFileSync(keysFile(directory), 'utf8');
  };
  let goodContent: string | undefined;
  test.each<[string, (keys: Record<string, unknown>) => unknown]>([
    ['empty', () => ''],
    ['cut in half', (keys) => JSON.stringify(keys).slice(0, 500)],
    ['a list', () => []],
    ['null', () => null],
    ['without signing keys', ({ signing: _signing, ...keys }) => keys],
    ['with a public signing key', (keys) => ({ ...keys, signing: { keys: [PUBLIC_RSA] } })],
    ['without cookie keys', (keys) => ({ ...keys, cookies: [] })],
    ['with a short cookie key', (keys) => ({ ...keys, cookies: ['short'] })],
    ['with a numeric cookie key', (keys) => ({ ...keys, cookies: [1] })],
    ['with a short storage key', (keys) => ({ ...keys, storage: 'AAAA' })],
    ['without storage key', ({ storage: _storage, ...keys }) => keys],
  ])('rejects a file that is %s, names it and leaves it unchanged', async (_condition, damage) => {
    const directory = freshDirectory();
    goodContent ??= await good();
    const damaged = damage(JSON.parse(goodContent) as Record<string, unknown>);
    const content = typeof damaged === 'string' ? damaged : JSON.stringify(damaged);
    writeFileSync(keysFile(directory), content);
    expect(await refusal({ GTR_DATA_DIR: directory })).toBe(
      `keys file "${keysFile(directory)}": is damaged; restore it, or remove it to generate new keys`,
    );
    expect(readFileSync(keysFile(directory), 'utf8')).toBe(content);
  });

  test('rejects a data directory that is a file, and names the keys file', async () => {
    const path = file('');
    expect(await refusal({ GTR_DATA_DIR: path })).toBe(`keys file "${keysFile(path)}": cannot be read (ENOTDIR)`);
  });
});

describe('signing keys file', () => {
  const NOT_A_SET = 'must contain a JSON object with a non-empty list "keys"';
  test.each<[string, unknown, string]>([
    ['not JSON', '{', 'is not valid JSON'],
    ['a list', [], NOT_A_SET],
    ['null', null, NOT_A_SET],
    ['a single key', RSA, NOT_A_SET],
    ['without keys', { keys: [] }, NOT_A_SET],
    ['a key that is text', { keys: ['x'] }, 'key 0 is not an object'],
    ['a key that is null', { keys: [RSA, null] }, 'key 1 is not an object'],
    ['a key without kty', { keys: [{ ...RSA, kty: undefined }] }, 'key 0 must have the "kty" RSA, EC or OKP'],
    [
      'a symmetric key',
      { keys: [RSA, { kty: 'oct', k: 'c2VjcmV0', kid: 'oct' }] },
      'key 1 is symmetric; only private RSA, EC and OKP keys are allowed',
    ],
    ['a public key', { keys: [PUBLIC_RSA] }, 'key 0 has no private part'],
    ['a key without kid', { keys: [{ ...RSA, kid: undefined }] }, 'key 0 must have a "kid"'],
    ['a key with a numeric kid', { keys: [{ ...RSA, kid: 1 }] }, 'key 0 must have a "kid"'],
    ['two keys with one kid', { keys: [RSA, { ...EC, kid: 'rsa' }] }, 'key 1 repeats the "kid" of an earlier key'],
    ['RSA of 1024 bits', { keys: [SMALL_RSA] }, 'key 0 must have at least 2048 bits'],
    ['an encryption key', { keys: [{ ...RSA, use: 'enc' }] }, 'key 0 must have the "use" sig, or no "use"'],
    ['a curve for encryption only', { keys: [X25519] }, 'key 0 must be on the curve P-256, P-384, P-521 or Ed25519'],
    ['another algorithm', { keys: [{ ...EC, alg: 'HS256' }] }, 'key 0 must have the "alg" ES256'],
    [
      'a damaged number',
      { keys: [{ ...RSA, p: 'AA' }] },
      'key 0 has a private part that does not belong to its public part',
    ],
    ['a missing number', { keys: [{ ...RSA, qi: undefined }] }, 'key 0 is not a valid private key'],
    [
      'a private part of another key',
      { keys: [{ ...EC, d: OTHER_EC['d'] }] },
      'key 0 has a private part that does not belong to its public part',
    ],
  ])('rejects %s and names setting and file', async (_condition, content, problem) => {
    const path = file(typeof content === 'string' ? content : JSON.stringify(content));
    expect(await refusal({ GTR_SIGNING_KEYS_FILE: path })).toBe(`GTR_SIGNING_KEYS_FILE: file "${path}": ${problem}`);
  });

  test('uses private RSA, EC and Ed25519 keys unchanged and in order', async () => {
    const jwks = { keys: [ED25519, RSA, EC] };
    const keys = await load({
      GTR_SIGNING_KEYS_FILE: file(JSON.stringify(jwks)),
      GTR_DATA_DIR: freshDirectory(),
    });
    expect(keys.signing).toEqual(jwks);
  });
});

describe('cookie and storage key files', () => {
  test('uses valid files', async () => {
    const keys = await load({
      GTR_COOKIE_KEYS_FILE: file(`${COOKIE_KEYS.join('\r\n')}\n`),
      GTR_STORAGE_KEY_FILE: file(`${STORAGE_KEY}\r\n${OLDER_STORAGE_KEY}\n`),
      GTR_DATA_DIR: freshDirectory(),
    });
    expect(keys.cookies).toEqual(COOKIE_KEYS);
    expect(keys.storage.map((key) => Buffer.from(key).toString('base64url'))).toEqual([STORAGE_KEY, OLDER_STORAGE_KEY]);
  });

  test.each(['', '\n', 'short', `${COOKIE_KEYS[0]}\nshort`, ` ${COOKIE_KEYS[0]}`])(
    'rejects a cookie keys file with %j and names setting and file',
    async (content) => {
      const path = file(content);
      expect(await refusal({ GTR_COOKIE_KEYS_FILE: path })).toBe(
        `GTR_COOKIE_KEYS_FILE: file "${path}": every line must be a key of at least 32 printable ASCII characters, without commas or spaces`,
      );
    },
  );

  test.each(['', 'short', ` ${STORAGE_KEY}`, `${STORAGE_KEY}\n\n`, `${STORAGE_KEY}=`, `${STORAGE_KEY}\nshort`])(
    'rejects a storage key file with %j and names setting and file',
    async (content) => {
      const path = file(content);
      expect(await refusal({ GTR_STORAGE_KEY_FILE: path })).toBe(
        `GTR_STORAGE_KEY_FILE: file "${path}": every line must be 32 bytes in base64url without padding (43 characters)`,
      );
    },
  );

  test.each(['GTR_SIGNING_KEYS_FILE', 'GTR_COOKIE_KEYS_FILE', 'GTR_STORAGE_KEY_FILE'])(
    'rejects a missing file of %s and names it',
    async (name) => {
      const path = join(freshDirectory(), 'missing');
      expect(await refusal({ [name]: path, GTR_DATA_DIR: freshDirectory() })).toBe(
        `${name}: file "${path}" cannot be read (ENOENT)`,
      );
    },
  );
});

describe('production', () => {
  const production = (directory: string) => ({
    NODE_ENV: 'production',
    ISSUER: 'https://op.example.com',
    GTR_DATA_DIR: directory,
    GTR_SIGNING_KEYS_FILE: file(JSON.stringify({ keys: [RSA] })),
    GTR_COOKIE_KEYS: COOKIE_KEYS.join(','),
    GTR_STORAGE_KEY: STORAGE_KEY,
  });

  test('uses the configured keys and generates nothing', async () => {
    const directory = freshDirectory();
    const keys = await load(production(directory));
    expect(keys.signing).toEqual({ keys: [RSA] });
    expect(existsSync(keysFile(directory))).toBe(false);
  });

  test.each([
    ['signingKeysFile', 'GTR_SIGNING_KEYS_FILE must be set'],
    ['cookieKeys', 'GTR_COOKIE_KEYS or GTR_COOKIE_KEYS_FILE must be set'],
    ['storageKey', 'GTR_STORAGE_KEY or GTR_STORAGE_KEY_FILE must be set'],
  ] as const)('rejects settings without %s and neither uses nor makes development keys', async (key, message) => {
    const directory = freshDirectory();
    const settings = loadSettings(production(directory));
    delete settings[key];
    await expect(loadKeys(settings)).rejects.toThrow(`${message} when NODE_ENV is production`);
    expect(readdirSync(directory)).toEqual([]);
  });
});
