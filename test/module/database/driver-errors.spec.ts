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
  ['a row that is there', { errno: 1062 }, ['duplicateKey']],
  ['a row that is there, on SQLite', { code: 'SQLITE_CONSTRAINT_UNIQUE' }, ['duplicateKey']],
  ['a column that is not there', { errno: 1054 }, ['missingSchema']],
  ['a table that is not there, on SQLite', { message: 'no such table: op_user' }, ['missingSchema']],
  ['a right that the account lacks', { errno: 1142 }, ['denied']],
  ['another password', { errno: 1045 }, ['unknownAccount']],
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
  ['an error of another kind', {}, []],
])('%s → its kinds, also in the wrapper of TypeORM', (_title, members, expected) => {
  const error = Object.assign(new Error(), members);
  const wrapped = new QueryFailedError('SELECT 1', [], error);
  expect(kinds.filter((kind) => isDriverError(error, kind))).toEqual(expected);
  expect(kinds.filter((kind) => isDriverError(wrapped, kind))).toEqual(expected);
});

test.each([[undefined], [null], ['text']])('%j, which is no error → of no kind', (thrown) => {
  expect(kinds.filter((kind) => isDriverError(thrown, kind))).toEqual([]);
});
