import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { connectionOf } from '../../../src/reference-op/op/database-url.js';
import { dataSourceOptions } from '../../../src/reference-op/op/data-source.js';

const plain = { host: 'db', port: 3306, username: 'u', password: 'p', database: 'op' };
const strict = { rejectUnauthorized: true, verifyIdentity: true };

test.each<[rest: string, connection: object]>([
  ['u:p@db/op', plain],
  ['u:p@[::1]/op', { ...plain, host: '::1' }],
  ['u:p@[2001:db8::1]:3307/op', { ...plain, host: '2001:db8::1', port: 3307 }],
  ['u:p%25%23%40@db/op', { ...plain, password: 'p%#@' }],
  ['db/op', { ...plain, username: '', password: '' }],
  ['u:p@db/op?charset=utf8mb4', plain],
  ['u:p@db/op?socketPath=%2Frun%2Fmysqld.sock', { ...plain, socketPath: '/run/mysqld.sock' }],
  ['u:p@db/op?ssl=true', { ...plain, ssl: strict }],
  ['u:p@db/op?ssl=false', plain],
  ['u:p@db/op?ssl-mode=DISABLED', plain],
  ['u:p@db/op?ssl-mode=REQUIRED', { ...plain, ssl: { rejectUnauthorized: false, verifyIdentity: false } }],
  ['u:p@db/op?ssl-mode=VERIFY_CA', { ...plain, ssl: { rejectUnauthorized: true, verifyIdentity: false } }],
  ['u:p@db/op?ssl=1&ssl-mode=VERIFY_IDENTITY', { ...plain, ssl: strict }],
])('mariadb://%s becomes the options of the driver', (rest, connection) => {
  expect(connectionOf(`mariadb://${rest}`)).toEqual(connection);
  expect(dataSourceOptions(`mysql://${rest}`)).toMatchObject({ type: 'mysql', charset: 'utf8mb4', ...connection });
});

test('reads certificate files and switches TLS on', async () => {
  const file = join(await mkdtemp(join(inject('tempDir'), 'tls-')), 'ca.pem');
  await writeFile(file, 'PEM');
  const named = (names: string[]) => names.map((name) => `ssl-${name}=${encodeURIComponent(file)}`).join('&');
  expect(connectionOf(`mysql://db/op?${named(['ca', 'cert', 'key'])}`)).toMatchObject({
    ssl: { ...strict, ca: 'PEM', cert: 'PEM', key: 'PEM' },
  });
});

test.each([
  ['u:p%@db/op', 'the password contains an invalid percent-encoding: write % as %25'],
  ['u%zz:p@db/op', 'the user contains an invalid percent-encoding'],
  ['db/op?sslmode=require', 'the parameter sslmode is unknown'],
  ['db/op?password=x', 'the parameter password is unknown'],
  ['db/op?ssl=true&ssl=false', 'the parameter ssl is unknown or occurs twice'],
  ['db/op?ssl=maybe', 'ssl must be true or false'],
  ['db/op?ssl-mode=PREFERRED', 'ssl-mode must be one of DISABLED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY'],
  ['db/op?ssl=true&ssl-mode=DISABLED', 'ssl and ssl-mode contradict each other'],
  ['db/op?ssl-mode=DISABLED&ssl-ca=x', 'ssl-ca, ssl-cert and ssl-key need ssl=true'],
  ['db/op?ssl-ca=/not/there', 'cannot read the file in ssl-ca'],
  ['db/op?charset=latin1', 'charset can only be utf8mb4'],
  ['127.0.0.1/op?ssl=true', 'a certificate can only be compared with a host name: give one, or set ssl-mode=VERIFY_CA'],
  ['[::1]/op?ssl-mode=VERIFY_IDENTITY', 'a certificate can only be compared with a host name'],
])('rejects mysql://%s and names the setting', (rest, message) => {
  expect(() => dataSourceOptions(`mysql://${rest}`)).toThrow(`DATABASE_URL: ${message}`);
});
