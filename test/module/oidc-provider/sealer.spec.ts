import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { Sealer } from '../../../src/module/oidc-provider/sealer.js';

/** Words of `node:crypto`. */
const REFUSED = /authenticat|initialization vector/;

const sealer = new Sealer(randomBytes(32));

test('sealed and opened for the same row → the same text, and never sealed alike twice', () => {
  const text = '{"jti":"ünique 😀"}';
  expect(sealer.open(sealer.seal(text, 'row'), 'row')).toBe(text);
  expect(sealer.seal(text, 'row')).not.toBe(sealer.seal(text, 'row'));
});

test('moved to another row, sealed with another key, changed or cut → does not open', () => {
  const sealed = sealer.seal('text', 'row');
  const bytes = Buffer.from(sealed, 'base64url');
  bytes[14]! ^= 1;
  expect(() => sealer.open(sealed, 'other row')).toThrow(REFUSED);
  expect(() => new Sealer(randomBytes(32)).open(sealed, 'row')).toThrow(REFUSED);
  expect(() => sealer.open(bytes.toString('base64url'), 'row')).toThrow(REFUSED);
  for (const length of [0, 4, 16, sealed.length - 4])
    expect(() => sealer.open(sealed.slice(0, length), 'row')).toThrow(REFUSED);
});

test('hash of a short value → needs the key', () => {
  expect(sealer.hashes('WDJB-MJHT')).toEqual(sealer.hashes('WDJB-MJHT'));
  expect(sealer.hashes('WDJB-MJHT')).not.toEqual(new Sealer(randomBytes(32)).hashes('WDJB-MJHT'));
});

test('several keys → the first seals, each opens; no other one does; a hash for each', () => {
  const [newest, older] = [randomBytes(32), randomBytes(32)];
  const [both, before] = [new Sealer([newest, older]), new Sealer(older)];
  expect(both.open(before.seal('text', 'row'), 'row')).toBe('text');
  expect(new Sealer(newest).open(both.seal('text', 'row'), 'row')).toBe('text');
  expect(() => before.open(both.seal('text', 'row'), 'row')).toThrow(REFUSED);
  expect(() => both.open(sealer.seal('text', 'row'), 'row')).toThrow(REFUSED);
  expect(both.hashes('x')).toEqual([...new Sealer(newest).hashes('x'), ...before.hashes('x')]);
});

test('no key → refused', () => {
  expect(() => new Sealer([])).toThrow('32 bytes');
});

test.each([0, 31, 33])('a key of %d bytes → refused', (length) => {
  expect(() => new Sealer(new Uint8Array(length))).toThrow('32 bytes');
});
