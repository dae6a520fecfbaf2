import { expect, test } from 'vitest';
import { loadSettings } from '../../src/reference-op/settings/settings-load.js';
import { startMessage } from '../../src/reference-op/start-message.js';

const COOKIE_KEY = 'c'.repeat(32);
const STORAGE_KEY = Buffer.alloc(32, 7).toString('base64url');

/** From the line that begins so to the next empty line. */
function part(env: Record<string, string>, start: RegExp): string[] {
  const lines = startMessage(loadSettings(env)).split('\n');
  const from = lines.findIndex((line) => start.test(line));
  return lines.slice(from, lines.indexOf('', from) === -1 ? undefined : lines.indexOf('', from));
}

test('nothing set: one line about settings', () => {
  expect(part({}, /^ +settings/)).toEqual(['  settings    the defaults of config/default.yaml']);
});

test('some set: lists their values, without what follows from them', () => {
  const env = {
    PORT: '4000',
    DATABASE_URL: 'mariadb://op:hush@db/op',
    GTR_FEATURE_FLAGS: 'GLOBAL_TOKEN_REVOCATION=off',
  };
  expect(part(env, /^ +settings/)).toEqual([
    '  settings    the defaults of config/default.yaml, except',
    '              PORT               4000',
    '              DATABASE_URL       mariadb://op:***@db/op',
    '              GTR_FEATURE_FLAGS  GLOBAL_TOKEN_REVOCATION=off,SHARED_SIGNALS=off',
  ]);
});

test('production: lists every setting, without keys and passwords', () => {
  const env = {
    NODE_ENV: 'production',
    ISSUER: 'https://op.example.com',
    DATABASE_URL: 'mariadb://op:hush@db/op',
    GTR_SIGNING_KEYS_FILE: 'signing-keys.json',
    GTR_COOKIE_KEYS: COOKIE_KEY,
    GTR_STORAGE_KEY: STORAGE_KEY,
  };
  const printed = part(env, /^Settings in effect/);
  const value = (name: string) => printed.find((line) => line.trim().startsWith(`${name} `))?.replace(/^ *\S+ +/, '');
  expect(value('NODE_ENV')).toBe('production');
  expect(value('DATABASE_URL')).toBe('mariadb://op:***@db/op');
  expect(value('GTR_DOCS')).toBe('off');
  expect(value('GTR_COOKIE_KEYS')).toBe('set');
  expect(value('GTR_COOKIE_KEYS_FILE')).toBe('not set');
  expect(value('GTR_SWEEP_INTERVAL_MS')).toBe('10000');
  expect(startMessage(loadSettings(env))).not.toMatch(new RegExp(`hush|${COOKIE_KEY}|${STORAGE_KEY}|demo`));
});
