import { QueryFailedError } from 'typeorm';
import { expect, test } from 'vitest';
import { safeError } from '../../../src/module/audit/safe-error.js';

const failed = (message: string): QueryFailedError =>
  new QueryFailedError('SELECT * FROM user WHERE email = ?', ['alice@example.com'], new Error(message));

test.each([
  [`Duplicate entry 'alice@example.com' for key 'user.email'`, `Duplicate entry '…' for key 'user.email'`],
  [`Duplicate entry 'o'alice'' for key 'PRIMARY'`, `Duplicate entry '…' for key 'PRIMARY'`],
  [
    `Incorrect string value: '\\xF0alice' for column 'name' at row 1`,
    `Incorrect string value: '…' for column 'name' at row 1`,
  ],
  [`Truncated incorrect DOUBLE value: 'alice'`, `Truncated incorrect DOUBLE value: '…'`],
  [
    `Incorrect integer value: 'alice' for column \`op\`.\`id\` at row 1`,
    `Incorrect integer value: '…' for column \`op\`.\`id\` at row 1`,
  ],
])('masks the value in the message and the stack: %s', (said, shown) => {
  const { message, stack } = safeError(failed(said));
  expect(message).toBe(shown);
  expect(stack).toContain(shown);
  expect(stack).not.toContain('alice');
});

test.each([`Table 'op.user' doesn't exist`, 'connect ECONNREFUSED 127.0.0.1:3306', 'no such table: op_user'])(
  'leaves this message as it is: %s',
  (said) => {
    expect(safeError(failed(said)).message).toBe(said);
  },
);

test.each([[undefined], [null], [42], [{ password: 'alice' }]])('%j is logged as an unknown error', (thrown) => {
  expect(safeError(thrown)).toEqual({ message: 'unknown error' });
});
