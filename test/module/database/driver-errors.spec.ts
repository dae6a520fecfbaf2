import { QueryFailedError } from 'typeorm';
import { expect, test } from 'vitest';
import { isDriverError } from '../../../src/module/database/driver-errors.js';

type Kind = Parameters<typeof isDriverError>[1];

const kinds: Kind[] = ['transient', 'duplicateKey', 'missingSchema', 'readOnly', 'denied', 'unknownAccount'];

test.each<[string, object, Kind[]]>([
  ['a deadlock', { errno: 1213 }, ['transient']],
  ['a lost connection', { code: 'ECONNRESET' }, ['transient']],
  ['a locked file', { code: 'SQLITE_BUSY' }, ['transient']],
  ['a primary that has turned read-only', { errno: 1290 }, ['transient', 'readOnly']],
  ['a duplicate row', { errno: 1062 }, ['duplicateKey']],
  ['a duplicate row on SQLite', { code: 'SQLITE_CONSTRAINT_UNIQUE' }, ['duplicateKey']],
  ['a missing column', { errno: 1054 }, ['missingSchema']],
  ['a missing table on SQLite', { message: 'no such table: op_user' }, ['missingSchema']],
  ['a missing permission', { errno: 1142 }, ['denied']],
  ['a wrong password', { errno: 1045 }, ['unknownAccount']],
  ...[
    ...[1020, 1040, 1047, 1053, 1158, 1159, 1160, 1161, 1203, 1205, 1206, 1213, 1226, 1317, 1614, 1792, 1927],
    ...[2002, 2003, 2006, 2013, 3100, 3101, 3168, 3572, 4031],
  ].map((errno): [string, object, Kind[]] => [`MySQL ${errno}`, { errno }, ['transient']]),
  ...[
    ...['SQLITE_BUSY_RECOVERY', 'SQLITE_LOCKED_SHAREDCACHE', 'ECONNREFUSED', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN'],
    ...['ENOTFOUND', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'EMFILE', 'PROTOCOL_CONNECTION_LOST'],
  ].map((code): [string, object, Kind[]] => [code, { code }, ['transient']]),
  [
    'a connection that was closed meanwhile',
    { message: "Can't add new command when connection is in closed state" },
    ['transient'],
  ],
  ...[1048, 1064, 1264, 1265, 1292, 1366, 1406, 1451, 1452].map((errno): [string, object, Kind[]] => [
    `MySQL ${errno}, which lasts`,
    { errno },
    [],
  ]),
  ['a syntax error', { errno: 1064, code: 'ER_PARSE_ERROR' }, []],
  ['an unrelated error', {}, []],
])('classifies %s, bare or wrapped by TypeORM', (_title, members, expected) => {
  const error = Object.assign(new Error(), members);
  const wrapped = new QueryFailedError('SELECT 1', [], error);
  expect(kinds.filter((kind) => isDriverError(error, kind))).toEqual(expected);
  expect(kinds.filter((kind) => isDriverError(wrapped, kind))).toEqual(expected);
});

test.each([[undefined], [null], ['text']])('does not classify %j, which is not an error', (thrown) => {
  expect(kinds.filter((kind) => isDriverError(thrown, kind))).toEqual([]);
});
