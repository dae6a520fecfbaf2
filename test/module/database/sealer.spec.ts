import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { Sealer } from '../../../src/module/database/sealer.js';

/** Words of `node:crypto`. */
const REFUSED = /authenticat|initialization vector/;

const sealer = new Sealer(randomBytes(32));

test('opens what it sealed for the same row, and never seals a text the same way twice', () => {
  const text = '{"jti":"ünique 😀"}';
  expect(sealer.open(sealer.seal(text, 'row'), 'row')).toBe(text);
  expect(sealer.seal(text, 'row')).not.toBe(sealer.seal(text, 'row'));
});

test('uses each initialization vector once', () => {
  const vectors = Array.from({ length: 1000 }, () =>
    Buffer.from(sealer.seal('', ''), 'base64url').toString('hex', 0, 12),
  );
  expect(new Set(vectors).size).toBe(1000);
  expect(vectors).not.toContain('0'.repeat(24));
});

test('does not open a text of another row or key, or a changed or truncated one', () => {
  const sealed = sealer.seal('text', 'row');
  const bytes = Buffer.from(sealed, 'base64url');
  bytes[14]! ^= 1;
  expect(() => sealer.open(sealed, 'other row')).toThrow(REFUSED);
  expect(() => new Sealer(randomBytes(32)).open(sealed, 'row')).toThrow(REFUSED);
  expect(() => sealer.open(bytes.toString('base64url'), 'row')).toThrow(REFUSED);
  for (const length of [0, 4, 16, sealed.length - 4])
    expect(() => sealer.open(sealed.slice(0, length), 'row')).toThrow(REFUSED);
});

test('needs the key to hash a short value', () => {
  expect(sealer.hashes('WDJB-MJHT')).toEqual(sealer.hashes('WDJB-MJHT'));
  expect(sealer.hashes('WDJB-MJHT')).not.toEqual(new Sealer(randomBytes(32)).hashes('WDJB-MJHT'));
});

test('seals with the first of several keys, opens with each, and hashes with each', () => {
  const [newest, older] = [randomBytes(32), randomBytes(32)];
  const [both, before] = [new Sealer([newest, older]), new Sealer(older)];
  expect(both.open(before.seal('text', 'row'), 'row')).toBe('text');
  expect(new Sealer(newest).open(both.seal('text', 'row'), 'row')).toBe('text');
  expect(() => before.open(both.seal('text', 'row'), 'row')).toThrow(REFUSED);
  expect(() => both.open(sealer.seal('text', 'row'), 'row')).toThrow(REFUSED);
  expect(both.hashes('x')).toEqual([...new Sealer(newest).hashes('x'), ...before.hashes('x')]);
});

test('throws without a key', () => {
  expect(() => new Sealer([])).toThrow('32 bytes');
});

test.each([0, 31, 33])('throws for a key of %d bytes', (length) => {
  expect(() => new Sealer(new Uint8Array(length))).toThrow('32 bytes');
});
