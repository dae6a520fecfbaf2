import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { afterAll, describe, expect, test } from 'vitest';

import { describeSettings } from '../../../src/reference-op/settings/settings-description.js';
import { SettingsError } from '../../../src/reference-op/settings/settings-error.js';
import { settingsTable } from '../../../src/reference-op/settings/settings-table.js';
import { settingsModule } from '../../../src/reference-op/settings/settings.module.js';
import { loadSettings } from '../../../src/reference-op/settings/settings-load.js';
import type { Settings } from '../../../src/reference-op/settings/settings.js';

const directory = mkdtempSync(join(tmpdir(), 'settings-'));
afterAll(() => rmSync(directory, { recursive: true }));
const EMPTY_FILE = yamlFile('# nothing\n');
const COOKIE_KEY = 'c'.repeat(32);
const STORAGE_KEY = Buffer.alloc(32, 7).toString('base64url');
const PRODUCTION = {
  NODE_ENV: 'production',
  ISSUER: 'https://op.example.com',
  GTR_SIGNING_KEYS_FILE: 'signing-keys.json',
  GTR_COOKIE_KEYS: `${COOKIE_KEY},${COOKIE_KEY.toUpperCase()}`,
  GTR_STORAGE_KEY: STORAGE_KEY,
};

function yamlFile(content: string): string {
  const file = join(directory, `${Math.random().toString(36).slice(2)}.yaml`);
  writeFileSync(file, content);
  return file;
}

/** The message of the refusal; it must be a SettingsError of one line. */
function refusal(env: NodeJS.ProcessEnv, file?: string): string {
  try {
    loadSettings(env, file === undefined ? {} : { file });
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    const { message } = error as SettingsError;
    expect(message).not.toMatch(/[\r\n]/);
    return message;
  }
  throw new Error('the settings were accepted');
}

const yamlRefusal = (content: string) => {
  const file = yamlFile(content);
  return refusal({}, file).replaceAll(file, 'FILE');
};

const withoutUndefined = (settings: Settings) => JSON.parse(JSON.stringify(settings)) as Record<string, unknown>;

describe('defaults', () => {
  const DEFAULTS = {
    production: false,
    port: 3000,
    host: 'localhost',
    issuer: 'http://localhost:3000',
    jwtAudiences: ['http://localhost:3000/demo/api'],
    databaseUrl: 'sqlite:data/op.sqlite',
    trustProxy: 'off',
    docs: true,
    log: 'text',
    shutdownNoticeMs: 0,
    databaseTimeoutMs: 5000,
    databaseQueue: 1000,
    path: 'global-token-revocation',
    featureFlags: { GLOBAL_TOKEN_REVOCATION: true, SHARED_SIGNALS: false },
    unknownSubject: 'not_found',
    ambiguousSubject: 'first',
    failuresPerMinute: 20,
    signInTries: 10,
    callsPerMinute: 600,
    totalCallsPerMinute: 3000,
    recordsPerMinute: 300,
    acceptSubjectMember: false,
    sweepIntervalMs: 10_000,
    backchannelLogout: false,
    sharedSignals: false,
    recordRetentionDays: 0,
    accessTokenTtlSeconds: 3600,
    statusListTtlSeconds: 15,
    refreshTokenTtlSeconds: 1_209_600,
    sessionTtlSeconds: 1_209_600,
    dataDir: 'data',
  };

  test('apply with an unchanged config/default.yaml', () => {
    expect(withoutUndefined(loadSettings({}))).toEqual(DEFAULTS);
  });

  test('apply with an empty file', () => {
    expect(withoutUndefined(loadSettings({}, { file: EMPTY_FILE }))).toEqual(DEFAULTS);
  });

  test.each([
    ['8080', 'http://localhost:8080'],
    ['80', 'http://localhost'],
  ])('PORT=%s without ISSUER makes the issuer %s', (PORT, issuer) => {
    expect(loadSettings({ PORT }).issuer).toBe(issuer);
  });
});

describe('config/default.yaml', () => {
  const content = readFileSync(new URL('../../../config/default.yaml', import.meta.url), 'utf8');

  test.each(settingsTable.map((row) => [row.key, row] as const))('documents %s', (key, row) => {
    expect(content).toMatch(new RegExp(`\\b${row.env}\\b`));
    if (!row.yaml) return;
    const [comment = ''] = content.split('\n\n').filter((block) => new RegExp(`^(?:# )?${key}:`, 'm').test(block));
    expect(comment).toContain('Default: ');
    expect(comment).toContain(`Environment: ${row.env}`);
  });

  test('gives each active value as the default in its comment', () => {
    const settings = loadSettings({});
    for (const { key, yaml } of settingsTable) {
      const value = settings[key as keyof Settings];
      const block = content.split('\n\n').find((each) => new RegExp(`^${key}:`, 'm').test(each));
      if (!yaml || block === undefined || typeof value === 'object') continue;
      expect(block).toContain(`Default: ${String(value)}`);
    }
  });
});

describe('sources', () => {
  test('the environment wins over the file', () => {
    const file = yamlFile('port: 4000\npath: from/file\n');
    expect(loadSettings({ PORT: '5000' }, { file })).toMatchObject({ port: 5000, path: 'from/file' });
  });

  test('GTR_CONFIG_FILE replaces config/default.yaml', () => {
    expect(loadSettings({ GTR_CONFIG_FILE: yamlFile('port: 4000\n') }).port).toBe(4000);
  });

  test('every variable reaches its setting', () => {
    const env = {
      ...PRODUCTION,
      PORT: '0',
      DATABASE_URL: 'mariadb://op:secret@db.example.com:3306/op',
      GTR_DATABASE_TIMEOUT_MS: '100',
      GTR_DATABASE_QUEUE: '10',
      GTR_PATH: '/jans-auth/restv1/global-token-revocation',
      GTR_FEATURE_FLAGS: 'GLOBAL_TOKEN_REVOCATION=off',
      GTR_UNKNOWN_SUBJECT: 'no_content',
      GTR_AMBIGUOUS_SUBJECT: 'reject',
      GTR_ACCEPT_SUBJECT_MEMBER: 'on',
      GTR_HOST: '::',
      GTR_TRUST_PROXY: '10.0.0.0/8,::1',
      GTR_DOCS: 'on',
      GTR_LOG: 'off',
      GTR_SHUTDOWN_NOTICE_MS: '5000',
      GTR_METRICS_PORT: '9464',
      GTR_METRICS_TOKEN: COOKIE_KEY,
      GTR_FAILURES_PER_MINUTE: '5',
      GTR_SIGN_IN_TRIES: '6',
      GTR_CALLS_PER_MINUTE: '100',
      GTR_TOTAL_CALLS_PER_MINUTE: '0',
      GTR_RECORDS_PER_MINUTE: '7',
      GTR_SWEEP_INTERVAL_MS: '0',
      GTR_RECORD_RETENTION_DAYS: '90',
      GTR_ACCESS_TOKEN_TTL_SECONDS: '1',
      GTR_JWT_AUDIENCES: 'https://a.example,https://b.example/c',
      GTR_STATUS_LIST_TTL_SECONDS: '4',
      GTR_REFRESH_TOKEN_TTL_SECONDS: '2',
      GTR_SESSION_TTL_SECONDS: '3',
      GTR_BACKCHANNEL_LOGOUT: 'on',
      GTR_SHARED_SIGNALS: 'on',
      GTR_NOTIFICATION_ALLOWED_HOSTS: 'rp.internal,10.0.0.7',
      GTR_CLIENT_CERTIFICATE_HEADER: 'Client-Cert',
      GTR_MTLS_URL: 'https://mtls.op.example.com',
      GTR_DATA_DIR: '/var/lib/op',
    };
    expect(withoutUndefined(loadSettings(env))).toEqual({
      production: true,
      port: 0,
      issuer: 'https://op.example.com',
      databaseUrl: 'mariadb://op:secret@db.example.com:3306/op',
      databaseTimeoutMs: 100,
      databaseQueue: 10,
      path: 'jans-auth/restv1/global-token-revocation',
      featureFlags: { GLOBAL_TOKEN_REVOCATION: false, SHARED_SIGNALS: false },
      unknownSubject: 'no_content',
      ambiguousSubject: 'reject',
      acceptSubjectMember: true,
      host: '::',
      trustProxy: '10.0.0.0/8,::1',
      docs: true,
      log: 'off',
      shutdownNoticeMs: 5000,
      metricsPort: 9464,
      metricsToken: COOKIE_KEY,
      failuresPerMinute: 5,
      signInTries: 6,
      callsPerMinute: 100,
      totalCallsPerMinute: 0,
      recordsPerMinute: 7,
      sweepIntervalMs: 0,
      recordRetentionDays: 90,
      accessTokenTtlSeconds: 1,
      jwtAudiences: ['https://a.example', 'https://b.example/c'],
      statusListTtlSeconds: 4,
      refreshTokenTtlSeconds: 2,
      sessionTtlSeconds: 3,
      backchannelLogout: true,
      sharedSignals: true,
      notificationAllowedHosts: ['rp.internal', '10.0.0.7'],
      clientCertificateHeader: 'Client-Cert',
      mtlsUrl: 'https://mtls.op.example.com',
      dataDir: '/var/lib/op',
      signingKeysFile: 'signing-keys.json',
      cookieKeys: [COOKIE_KEY, COOKIE_KEY.toUpperCase()],
      storageKey: STORAGE_KEY,
    });
  });

  test.each(['on', 'true'])('featureFlags in YAML: %s means on', (value) => {
    const file = yamlFile(`featureFlags: { GLOBAL_TOKEN_REVOCATION: ${value} }\n`);
    expect(loadSettings({ GTR_FEATURE_FLAGS: 'GLOBAL_TOKEN_REVOCATION=off' }, { file }).featureFlags).toEqual({
      GLOBAL_TOKEN_REVOCATION: false,
      SHARED_SIGNALS: false,
    });
    expect(loadSettings({}, { file }).featureFlags).toEqual({ GLOBAL_TOKEN_REVOCATION: true, SHARED_SIGNALS: false });
  });

  test('a number or a switch in quotes equals one without quotes', () => {
    const file = yamlFile('port: "4000"\nfeatureFlags: { GLOBAL_TOKEN_REVOCATION: "off" }\n');
    const featureFlags = { GLOBAL_TOKEN_REVOCATION: false };
    expect(loadSettings({}, { file })).toMatchObject({ port: 4000, featureFlags });
  });

  test.each(['off', 'false'])('featureFlags: %s means off in either source', (value) => {
    const file = yamlFile(`featureFlags: { GLOBAL_TOKEN_REVOCATION: ${value} }\n`);
    const env = { GTR_FEATURE_FLAGS: `GLOBAL_TOKEN_REVOCATION=${value}` };
    expect(loadSettings({}, { file }).featureFlags).toEqual({ GLOBAL_TOKEN_REVOCATION: false, SHARED_SIGNALS: false });
    expect(loadSettings(env).featureFlags).toEqual({ GLOBAL_TOKEN_REVOCATION: false, SHARED_SIGNALS: false });
  });

  test.each([
    'sqlite::memory:',
    'sqlite:/var/lib/op.sqlite',
    'mysql://root@localhost/op',
    'mariadb://u:p%23@[::1]:1/op',
  ])('accepts DATABASE_URL %s', (DATABASE_URL) => {
    expect(loadSettings({ DATABASE_URL }).databaseUrl).toBe(DATABASE_URL);
  });
});

const FLAGS_TEXT =
  'must be a map of flag name to on or off (environment: NAME=on,NAME=off); known: GLOBAL_TOKEN_REVOCATION, SHARED_SIGNALS';
const PORT_TEXT = 'must be a whole number from 0 to 65535';
const ISSUER_TEXT =
  'must be a lower-case http or https URL of host and port only, without path, trailing slash, query or fragment, such as https://op.example.com';
const DATABASE_TEXT =
  'must be sqlite:PATH, postgres://USER:PASSWORD@HOST:PORT/NAME, or the same with mariadb: or mysql:';
const PATH_TEXT = 'must be a path of the characters A-Z a-z 0-9 . _ ~ - and single slashes between them';
const SECONDS_TEXT = 'must be a whole number of seconds from 1 to 2147483647';
const COOKIE_TEXT =
  'must be a list (environment: separated by commas) of keys of at least 32 printable ASCII characters, without commas or spaces';
const STORAGE_TEXT = 'must be 32 bytes in base64url without padding (43 characters)';

const BAD_VARIABLES: Record<string, { text: string; values: string[] }> = {
  NODE_ENV: {
    text: 'must be "production", "development" or "test", or not set',
    values: ['Production', 'prod', 'production ', '__proto__', 'constructor'],
  },
  PORT: {
    text: PORT_TEXT,
    values: ['3000abc', '1e3', ' 3000', '3000 ', '-1', '+1', '65536', '0x10', '03000', '3000.0', '3_000', '∞', '٣'],
  },
  ISSUER: {
    text: ISSUER_TEXT,
    values: [
      'op.example.com',
      'ftp://op.example.com',
      'https://op.example.com/',
      'https://op.example.com/op',
      'https://op.example.com?a',
      'https://op.example.com#a',
      'https://user:secret@op.example.com',
      'https://OP.example.com',
      'https://op.example.com:443',
      ' https://op.example.com',
      'https://',
      'http://localhost:70000',
    ],
  },
  DATABASE_URL: {
    text: DATABASE_TEXT,
    values: [
      'sqlite:',
      'sqlite: data',
      'sqlite://data/op.sqlite',
      'oracle://u:secret@h/op',
      'mysql:',
      'mysql://',
      'mysql://h',
      'mysql://h/',
      'mysql://h/a/b',
      'mysql://u:12#secret@h/op',
      'mysql://u:12?secret@h/op',
      'MySQL://h/op',
      'mysql://h/op ',
      'data/op.sqlite',
    ],
  },
  GTR_DATABASE_TIMEOUT_MS: {
    text: 'must be a whole number of milliseconds from 100 to 60000',
    values: ['99', '60001', '5s', '5000.5'],
  },
  GTR_PATH: {
    text: PATH_TEXT,
    values: ['/', '//a', 'a//b', 'a/', 'a b', 'a?b', 'a%2fb', '../a', 'a/./b', 'ä', ':id', '*'],
  },
  GTR_FEATURE_FLAGS: {
    text: FLAGS_TEXT,
    values: [
      'GLOBAL_TOKEN_REVOCATION',
      'GLOBAL_TOKEN_REVOCATION=',
      'GLOBAL_TOKEN_REVOCATION=TRUE',
      'GLOBAL_TOKEN_REVOCATION=1',
      'GLOBAL_TOKEN_REVOCATION=on,',
      'GLOBAL_TOKEN_REVOCATION=on,GLOBAL_TOKEN_REVOCATION=off',
      ',',
    ],
  },
  GTR_UNKNOWN_SUBJECT: { text: 'must be not_found or no_content', values: ['404', 'NOT_FOUND', 'not_found '] },
  GTR_AMBIGUOUS_SUBJECT: { text: 'must be first or reject', values: ['last', 'First'] },
  GTR_HOST: { text: 'must be a host name or an IP address', values: ['a b', 'http://localhost', '-x', '[::1]'] },
  GTR_TRUST_PROXY: {
    text: 'must be off, on, a number of hops, or IP addresses and CIDR ranges separated by commas',
    values: ['0', '-1', 'true', '10.0.0.0/33', '10.0.0', '::1/129', '10.0.0.1, 10.0.0.2', '1.2.3.4/'],
  },
  GTR_ACCEPT_SUBJECT_MEMBER: { text: 'must be on or off', values: ['yes', 'ON', '1'] },
  GTR_IDENTITY_PROVIDERS: {
    text: 'must be a list of identity providers (environment: the same as JSON)',
    values: ['okta', '{}', '[]', '[', 'null'],
  },
  GTR_JWKS_ALLOWED_HOSTS: {
    text: 'must be a list of host names or addresses (environment: separated by commas)',
    values: ['a b', 'a,', 'https://a.example', 'a/b'],
  },
  GTR_BACKCHANNEL_LOGOUT: { text: 'must be on or off', values: ['yes', 'ON', '1'] },
  GTR_SHARED_SIGNALS: { text: 'must be on or off', values: ['yes', 'ON', '1'] },
  GTR_NOTIFICATION_ALLOWED_HOSTS: {
    text: 'must be a list of host names or addresses (environment: separated by commas)',
    values: ['a b', 'a,', 'https://a.example'],
  },
  GTR_CLIENT_CERTIFICATE_HEADER: {
    text: 'must be the name of a header, such as Client-Cert',
    values: ['Client Cert', 'Client-Cert:', 'é'],
  },
  GTR_MTLS_URL: {
    text: 'must be an https URL of host and port only, such as https://mtls.op.example.com',
    values: ['mtls.op.example.com', 'http://mtls.op.example.com', 'https://mtls.op.example.com/'],
  },
  GTR_JWKS_CA_FILE: { text: 'must be the path of a file', values: [' '] },
  GTR_DOCS: { text: 'must be on or off', values: ['yes', 'ON', '1'] },
  GTR_LOG: { text: 'must be json, text or off', values: ['JSON', 'pretty'] },
  GTR_SHUTDOWN_NOTICE_MS: {
    text: 'must be a whole number of milliseconds from 0 to 5000',
    values: ['-1', '5001', '2s'],
  },
  GTR_METRICS_PORT: { text: 'must be a whole number from 1 to 65535', values: ['0', '65536', 'on'] },
  GTR_METRICS_TOKEN: {
    text: 'must be at least 32 printable ASCII characters, without commas or spaces',
    values: ['short', `${COOKIE_KEY} `, 'é'.repeat(32)],
  },
  GTR_DATABASE_QUEUE: { text: 'must be a whole number from 10 to 100000', values: ['9', '100001', '1e3'] },
  GTR_RECORD_RETENTION_DAYS: {
    text: 'must be a whole number of days from 0 to 36500',
    values: ['-1', '36501', '1.5', '90d'],
  },
  GTR_FAILURES_PER_MINUTE: { text: 'must be a whole number from 0 to 1000000', values: ['-1', 'off', '1000001'] },
  GTR_SIGN_IN_TRIES: { text: 'must be a whole number from 0 to 1000000', values: ['-1', 'off'] },
  GTR_CALLS_PER_MINUTE: { text: 'must be a whole number from 0 to 1000000', values: ['-1', '1.5'] },
  GTR_RECORDS_PER_MINUTE: { text: 'must be a whole number from 0 to 1000000', values: ['-1', 'off'] },
  GTR_TOTAL_CALLS_PER_MINUTE: { text: 'must be a whole number from 0 to 1000000', values: ['-1', '1e9'] },
  GTR_SWEEP_INTERVAL_MS: {
    text: 'must be a whole number of milliseconds from 0 to 86400000',
    values: ['-1', '1s', '86400001'],
  },
  GTR_ACCESS_TOKEN_TTL_SECONDS: { text: SECONDS_TEXT, values: ['0', '-1', '1h', '2147483648', '9'.repeat(40)] },
  GTR_JWT_AUDIENCES: {
    text: 'must be a list of absolute URLs (environment: separated by commas)',
    values: ['invoices', 'https://a.example?x', 'https://a.example,', 'https://a.example,ftp://b.example'],
  },
  GTR_STATUS_LIST_TTL_SECONDS: {
    text: 'must be a whole number of seconds from 1 to 3600',
    values: ['0', '3601', '15s'],
  },
  GTR_REFRESH_TOKEN_TTL_SECONDS: { text: SECONDS_TEXT, values: ['0', '1.5'] },
  GTR_SESSION_TTL_SECONDS: { text: SECONDS_TEXT, values: ['0', 'Infinity'] },
  GTR_DATA_DIR: { text: 'must be the path of a directory', values: [' data', 'data ', 'a\nb', '\0'] },
  GTR_SIGNING_KEYS_FILE: { text: 'must be the path of a file', values: [' '] },
  GTR_COOKIE_KEYS: {
    text: COOKIE_TEXT,
    values: ['short', `${COOKIE_KEY},short`, `${COOKIE_KEY}, ${COOKIE_KEY}`, `${COOKIE_KEY},`, 'é'.repeat(32)],
  },
  GTR_COOKIE_KEYS_FILE: { text: 'must be the path of a file', values: ['a\tb'] },
  GTR_STORAGE_KEY: {
    text: STORAGE_TEXT,
    values: ['secret', `${STORAGE_KEY}=`, ` ${STORAGE_KEY}`, 'A'.repeat(42), `${'A'.repeat(42)}B`, '+'.repeat(43)],
  },
  GTR_STORAGE_KEY_FILE: { text: 'must be the path of a file', values: [' x'] },
};

describe('environment', () => {
  test('the tables below cover every variable', () => {
    expect(Object.keys(BAD_VARIABLES)).toEqual(expect.arrayContaining(settingsTable.map((row) => row.env)));
  });

  for (const [name, { text, values }] of Object.entries(BAD_VARIABLES)) {
    test.each(values)(`${name}=%j is rejected by name without its value`, (value) => {
      expect(refusal({ [name]: value })).toBe(`${name} ${text}`);
    });

    test(`an empty ${name} is rejected by name`, () => {
      expect(refusal({ [name]: '' })).toBe(`${name} is empty; it ${text}`);
    });
  }

  test.each([
    ['GTR_PAHT', /^unknown environment variable "GTR_PAHT"; known: NODE_ENV, PORT, .*, GTR_PATH, .*, GTR_CONFIG_FILE$/],
    ['gtr_path', /^unknown environment variable "gtr_path"; known: /],
    ['GTR_a\nb', /^unknown environment variable "GTR_a\?b"; known: /],
    ['GTR_', /^unknown environment variable "GTR_"; known: /],
    ['GTR_FEATURE_FLAG_GLOBAL_TOKEN_REVOCATION', /^unknown environment variable ".*"; known: /],
  ])('unknown variable %j is rejected with the known ones', (name, expected) => {
    expect(refusal({ [name]: 'x' })).toMatch(expected);
  });

  test.each([
    [
      'GLOBAL_TOKEN_REVOCATON=on',
      'GTR_FEATURE_FLAGS names the unknown flag "GLOBAL_TOKEN_REVOCATON"; known: GLOBAL_TOKEN_REVOCATION, SHARED_SIGNALS',
    ],
    ['X=off', 'GTR_FEATURE_FLAGS names the unknown flag "X"; known: GLOBAL_TOKEN_REVOCATION, SHARED_SIGNALS'],
    [
      '__proto__=on',
      'GTR_FEATURE_FLAGS names the unknown flag "__proto__"; known: GLOBAL_TOKEN_REVOCATION, SHARED_SIGNALS',
    ],
    [' GLOBAL_TOKEN_REVOCATION=on', /^GTR_FEATURE_FLAGS names the unknown flag " GLOBAL_TOKEN_REVOCATION"; /],
  ])('GTR_FEATURE_FLAGS=%j is rejected with the known flags', (value, expected) => {
    const message = refusal({ GTR_FEATURE_FLAGS: value });
    if (typeof expected === 'string') expect(message).toBe(expected);
    else expect(message).toMatch(expected);
  });

  test('ignores other variables of the process', () => {
    expect(loadSettings({ PATH: '/bin', path: 'x', HOME: '', npm_config_port: '1' }).path).toBe(
      'global-token-revocation',
    );
  });
});

describe('YAML', () => {
  test.each([
    ['port: 1e3', `FILE: port ${PORT_TEXT}`],
    ['port: 3000.0', `FILE: port ${PORT_TEXT}`],
    ['port: 0x10', `FILE: port ${PORT_TEXT}`],
    ['port: 03000', `FILE: port ${PORT_TEXT}`],
    ['port: 3000abc', `FILE: port ${PORT_TEXT}`],
    ['port: 70000', `FILE: port ${PORT_TEXT}`],
    ['port: true', `FILE: port ${PORT_TEXT}`],
    ['port: [3000]', `FILE: port ${PORT_TEXT}`],
    ['port: { a: 1 }', `FILE: port ${PORT_TEXT}`],
    ['port: *anchor', /^FILE: (port must be|not valid YAML)/],
    ['port:', `FILE: port is empty; it ${PORT_TEXT}`],
    ['port: ~', `FILE: port is empty; it ${PORT_TEXT}`],
    ['path: ""', `FILE: path is empty; it ${PATH_TEXT}`],
    ['path: 12', `FILE: path ${PATH_TEXT}`],
    ['path: true', `FILE: path ${PATH_TEXT}`],
    ['issuer: [https://op.example.com]', `FILE: issuer ${ISSUER_TEXT}`],
    ['databaseUrl: mysql://u:secret@h', `FILE: databaseUrl ${DATABASE_TEXT}`],
    ['cookieKeys: []', `FILE: cookieKeys is empty; it ${COOKIE_TEXT}`],
    [`cookieKeys: ${COOKIE_KEY}`, `FILE: cookieKeys ${COOKIE_TEXT}`],
    ['cookieKeys: [12345678901234567890123456789012]', `FILE: cookieKeys ${COOKIE_TEXT}`],
    ['cookieKeys: [~]', `FILE: cookieKeys ${COOKIE_TEXT}`],
    ['storageKey: secret', `FILE: storageKey ${STORAGE_TEXT}`],
    ['featureFlags: {}', `FILE: featureFlags is empty; it ${FLAGS_TEXT}`],
    ['featureFlags: on', `FILE: featureFlags ${FLAGS_TEXT}`],
    ['featureFlags: [GLOBAL_TOKEN_REVOCATION]', `FILE: featureFlags ${FLAGS_TEXT}`],
    ['featureFlags: { GLOBAL_TOKEN_REVOCATION: TRUE }', `FILE: featureFlags ${FLAGS_TEXT}`],
    ['featureFlags: { GLOBAL_TOKEN_REVOCATION: 1 }', `FILE: featureFlags ${FLAGS_TEXT}`],
    ['featureFlags: { GLOBAL_TOKEN_REVOCATION: }', `FILE: featureFlags ${FLAGS_TEXT}`],
    ['featureFlags: { 1: on }', /^FILE: featureFlags names the unknown flag "1"; known: /],
    [
      'featureFlags: { GLOBAL_TOKEN_REVOCATION: on, OTHER: off }',
      'FILE: featureFlags names the unknown flag "OTHER"; known: GLOBAL_TOKEN_REVOCATION, SHARED_SIGNALS',
    ],
    ['PORT: 3000', /^FILE: unknown setting "PORT"; known: port, /],
    ['production: true', /^FILE: unknown setting "production"; known: port, host, issuer, databaseUrl, /],
    ['"a\\nb": 1', /^FILE: unknown setting "a\?b"; known: /],
    ['"": 1', /^FILE: unknown setting ""; known: /],
    ['? { a: b }\n: 1', /^FILE: unknown setting "\{ a: b \}"; known: /],
    ['port: [', 'FILE: not valid YAML at line 1, column 8 (BAD_INDENT)'],
    ['port: 1\nport: 2', 'FILE: not valid YAML at line 2, column 1 (DUPLICATE_KEY)'],
    ['storageKey: "\\qsecret"', 'FILE: not valid YAML at line 1, column 14 (BAD_DQ_ESCAPE)'],
    ['port: !secret 1', 'FILE: not valid YAML at line 1, column 7 (TAG_RESOLVE_FAILED)'],
    ['port: 1\n---\nport: 2', /^FILE: not valid YAML at line 2, column 1 \(MULTIPLE_DOCS\)$/],
    ['- port', 'FILE: the file must contain settings in the form "name: value"'],
    ['port', 'FILE: the file must contain settings in the form "name: value"'],
  ])('%j is rejected by name without its value', (content, expected) => {
    const message = yamlRefusal(content);
    expect(message).not.toContain('secret@');
    if (typeof expected === 'string') expect(message).toBe(expected);
    else expect(message).toMatch(expected);
  });

  test('rejects a wrong type in the file even when the environment has a good value', () => {
    const file = yamlFile('port: abc\n');
    expect(refusal({ PORT: '3000' }, file)).toBe(`${file}: port ${PORT_TEXT}`);
  });

  test('rejects a missing file by the name that was given', () => {
    const file = join(directory, 'missing.yaml');
    expect(refusal({ GTR_CONFIG_FILE: file })).toBe(`${file}: the file cannot be read (ENOENT)`);
    expect(refusal({}, directory)).toBe(`${directory}: the file cannot be read (EISDIR)`);
  });

  test('rejects an empty GTR_CONFIG_FILE by name', () => {
    expect(refusal({ GTR_CONFIG_FILE: '' })).toBe('GTR_CONFIG_FILE is empty; it must be the path of a YAML file');
  });
});

test('of several invalid settings, the first in order of declaration is reported', () => {
  const file = yamlFile('path: [1]\ndatabaseTimeoutMs: 1\n');
  expect(refusal({ GTR_UNKNOWN_SUBJECT: '', GTR_AMBIGUOUS_SUBJECT: 'x' }, file)).toMatch(/: databaseTimeoutMs must be/);
  expect(refusal({ GTR_UNKNOWN_SUBJECT: '', PORT: 'x' }, file)).toMatch(/^PORT must be/);
});

describe('rules between settings', () => {
  const without = (name: keyof typeof PRODUCTION, more: NodeJS.ProcessEnv = {}) => {
    const { [name]: _left, ...rest } = PRODUCTION;
    return { ...rest, ...more };
  };

  test('accept a complete production configuration', () => {
    expect(loadSettings(PRODUCTION).production).toBe(true);
    const files = without('GTR_COOKIE_KEYS', { GTR_COOKIE_KEYS_FILE: 'a', GTR_STORAGE_KEY_FILE: 'b' });
    expect(loadSettings({ ...files, GTR_STORAGE_KEY: undefined }).production).toBe(true);
  });

  test.each(['10.0.0.1', '10.0.0.0/8,::1', '::ffff:10.0.0.1', '0.0.0.0/1'])(
    'accept a certificate header from the proxies %s',
    (GTR_TRUST_PROXY) => {
      expect(loadSettings({ GTR_TRUST_PROXY, GTR_CLIENT_CERTIFICATE_HEADER: 'Client-Cert' }).trustProxy).toBe(
        GTR_TRUST_PROXY,
      );
    },
  );

  const WHEN = 'when NODE_ENV is production';
  test.each([
    ['an http issuer', { ...PRODUCTION, ISSUER: 'http://op.example.com' }, `ISSUER must be an https URL ${WHEN}`],
    ['no issuer', without('ISSUER'), `ISSUER must be an https URL ${WHEN}`],
    ['no signing keys', without('GTR_SIGNING_KEYS_FILE'), `GTR_SIGNING_KEYS_FILE must be set ${WHEN}`],
    ['no cookie keys', without('GTR_COOKIE_KEYS'), `GTR_COOKIE_KEYS or GTR_COOKIE_KEYS_FILE must be set ${WHEN}`],
    ['no storage key', without('GTR_STORAGE_KEY'), `GTR_STORAGE_KEY or GTR_STORAGE_KEY_FILE must be set ${WHEN}`],
    ['only NODE_ENV', { NODE_ENV: 'production' }, `ISSUER must be an https URL ${WHEN}`],
    [
      'two sources of cookie keys',
      { GTR_COOKIE_KEYS: COOKIE_KEY, GTR_COOKIE_KEYS_FILE: 'a' },
      'GTR_COOKIE_KEYS and GTR_COOKIE_KEYS_FILE must not both be set',
    ],
    [
      'two sources of storage keys',
      { GTR_STORAGE_KEY: STORAGE_KEY, GTR_STORAGE_KEY_FILE: 'a' },
      'GTR_STORAGE_KEY and GTR_STORAGE_KEY_FILE must not both be set',
    ],
    ...['off', 'on', '1', '99', '0.0.0.0/0', '::/0', '10.0.0.0/8,::/00'].map(
      (GTR_TRUST_PROXY): [string, NodeJS.ProcessEnv, string] => [
        `a certificate header with GTR_TRUST_PROXY=${GTR_TRUST_PROXY}, which names no proxy`,
        { GTR_TRUST_PROXY, GTR_CLIENT_CERTIFICATE_HEADER: 'Client-Cert' },
        'GTR_CLIENT_CERTIFICATE_HEADER needs the addresses of the proxies that send this header, in trustProxy (GTR_TRUST_PROXY): otherwise anyone could send a certificate',
      ],
    ),
    [
      'an mTLS URL without a certificate header',
      { GTR_TRUST_PROXY: 'on', GTR_MTLS_URL: 'https://mtls.op.example.com' },
      'GTR_MTLS_URL needs GTR_CLIENT_CERTIFICATE_HEADER: set it to the header that contains the certificate',
    ],
  ])('reject %s', (_condition, env, message) => {
    expect(refusal(env)).toBe(message);
  });

  test('name an http issuer in production as it is named in the file', () => {
    const file = yamlFile('issuer: http://op.example.com\n');
    expect(refusal(without('ISSUER'), file)).toBe(`${file}: issuer must be an https URL ${WHEN}`);
  });
});

describe('describeSettings', () => {
  test('hides secrets and passwords', () => {
    const settings = loadSettings({ ...PRODUCTION, DATABASE_URL: 'mysql://op:p%40ss@db:3307/op?password=p%40ss' });
    const description = describeSettings(settings);
    expect(description).toMatchObject({
      port: 3000,
      databaseUrl: 'mysql://op:***@db:3307/op',
      signingKeysFile: 'signing-keys.json',
      cookieKeys: 'set',
      cookieKeysFile: 'not set',
      storageKey: 'set',
    });
    expect(Object.keys(description)).toEqual(settingsTable.map((row) => row.key));
    expect(JSON.stringify(description)).not.toMatch(new RegExp(`p%40ss|${COOKIE_KEY}|${STORAGE_KEY}`, 'i'));
  });

  test.each(['sqlite:data/op.sqlite', 'mariadb://op@db/op', 'mariadb://db/op'])('shows %s unchanged', (databaseUrl) => {
    expect(describeSettings(loadSettings({ DATABASE_URL: databaseUrl }))).toMatchObject({ databaseUrl });
  });
});

describe('settingsModule', () => {
  const VARIABLES = { port: '1', path: '/bin', cookieKeys: 'x', PORT: '2', signingKeysFile: 'x' };

  test('prefers validated values over the process environment and changes neither', async () => {
    const before = { ...process.env };
    Object.assign(process.env, VARIABLES);
    try {
      const during = { ...process.env };
      const app = await NestFactory.createApplicationContext(await settingsModule(loadSettings({ PORT: '4000' })), {
        logger: false,
      });
      const config = app.get<ConfigService<Settings, true>>(ConfigService);
      expect(config.get('port', { infer: true })).toBe(4000);
      expect(config.get('path', { infer: true })).toBe('global-token-revocation');
      expect(config.get('featureFlags.GLOBAL_TOKEN_REVOCATION', { infer: true })).toBe(true);
      expect(config.get('cookieKeys', { infer: true })).toBeUndefined();
      expect(config.get('signingKeysFile', { infer: true })).toBeUndefined();
      expect(config.get('PORT' as never)).toBeUndefined();
      expect({ ...process.env }).toEqual(during);
      await app.close();
    } finally {
      for (const name of Object.keys(VARIABLES)) delete process.env[name];
      Object.assign(process.env, before);
    }
  });
});
