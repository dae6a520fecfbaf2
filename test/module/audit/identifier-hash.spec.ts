import { expect, test } from 'vitest';
import { IdentifierHash } from '../../../src/module/audit/identifier-hash.js';
import { sha256Hex } from '../../../src/module/database/digest.js';
import { parseSubjectIdentifier } from '../../../src/module/subject/subject-identifier.js';
import type { SupportedFormats } from '../../../src/module/subject/user-identifier.js';

const formats: SupportedFormats = { formats: ['email', 'iss_sub'], attributes: ['uid', 'mail'] };
const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const hash = new IdentifierHash({ auditKey: key(1) });
const of = (subId: object, by = hash): string => by.of(parseSubjectIdentifier(subId, formats));

const alice = { format: 'email', email: 'alice@example.com' };

test('hashes an identifier to the same 64 hex digits each time', () => {
  expect(of(alice)).toMatch(/^[0-9a-f]{64}$/);
  expect(of(alice)).toBe(of({ ...alice }));
});

test('gives equivalent spellings of an e-mail address the same hash', () => {
  expect(of({ format: 'email', email: 'ALICE@Example.COM' })).toBe(of(alice));
});

test.each([
  ['another value', { format: 'email', email: 'bob@example.com' }],
  ['another format', { format: 'mail', id: 'alice@example.com' }],
])('gives %s a different hash', (_title, other) => {
  expect(of(other)).not.toBe(of(alice));
});

test('gives the same account ID at two issuers two hashes', () => {
  const account = { format: 'iss_sub', sub: 'x' };
  expect(of({ ...account, iss: 'https://a.example' })).not.toBe(of({ ...account, iss: 'https://b.example' }));
});

test('needs the key: a dump without the key cannot be searched', () => {
  const { email } = alice;
  expect(of(alice, new IdentifierHash({ auditKey: key(2) }))).not.toBe(of(alice));
  const guesses = [email, JSON.stringify(alice), JSON.stringify(['email', null, email])];
  expect(guesses.map(sha256Hex)).not.toContain(of(alice));
});

test('returns an empty string without a key', () => {
  expect(of(alice, new IdentifierHash({}))).toBe('');
});
