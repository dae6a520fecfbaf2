import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { emptyBits, packed, setBit } from '../../../src/module/status-list/encoding.js';

test('draft-ietf-oauth-status-list §4.1: the test vector', async () => {
  const bits = new Uint8Array(2);
  for (const index of [0, 3, 4, 5, 7, 8, 9, 13, 15]) setBit(bits, index, true);
  expect(Buffer.from(bits).toString('hex')).toBe('b9a3');
  expect(Buffer.from(await packed(bits), 'base64url').toString('hex')).toBe('78dadbb918000217015d');
});

test('an empty list has the size of a full one, and only index 0 is set', async () => {
  const bits = inflateSync(Buffer.from(await packed(emptyBits()), 'base64url'));
  expect([bits.length, bits[0], bits.every((byte, i) => i === 0 || byte === 0)]).toEqual([131_072, 1, true]);
});

test('setBit() says whether the bit was different', () => {
  const bits = emptyBits();
  expect([setBit(bits, 9, true), setBit(bits, 9, true), bits[1]]).toEqual([true, false, 2]);
  expect([setBit(bits, 9, false), setBit(bits, 9, false), bits[1]]).toEqual([true, false, 0]);
});
