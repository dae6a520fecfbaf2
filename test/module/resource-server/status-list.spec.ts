import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { statusAt, statusReference, unpacked } from '../../../src/module/resource-server/status-list.js';
import { packed } from './issuer.js';

describe('Token Status List (draft-ietf-oauth-status-list §4.1, §4.2)', () => {
  const bytes = Uint8Array.from([0xb9, 0xa3]);

  test('the two bytes of the example give the text of the example', () => {
    expect(packed(bytes)).toEqual({ bits: 1, lst: 'eNrbuRgAAhcBXQ' });
    expect(Buffer.from('eNrbuRgAAhcBXQ', 'base64url').toString('hex')).toBe('78dadbb918000217015d');
  });

  test('bits are read from the least significant one of each byte', async () => {
    const list = await unpacked({ bits: 1, lst: 'eNrbuRgAAhcBXQ' });
    const statuses = Array.from({ length: 17 }, (_, index) => statusAt(list, index));
    expect(statuses).toEqual([1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1, undefined]);
  });

  test.each([
    [2, [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3], [0xc9, 0x44, 0xf9]],
    [4, [1, 15, 0, 9], [0xf1, 0x90]],
    [8, [1, 255, 0], [1, 255, 0]],
  ])('reads statuses of %i bits', (bits, statuses, raw) => {
    expect(statuses.map((_, index) => statusAt({ bits, bytes: Uint8Array.from(raw) }, index))).toEqual(statuses);
  });

  const lst = deflateSync(bytes).toString('base64url');
  test.each([
    undefined,
    null,
    'text',
    {},
    { bits: 1 },
    { lst },
    { bits: '1', lst },
    { bits: 3, lst },
    { bits: 16, lst },
    { bits: 1, lst: '' },
    { bits: 1, lst: `${lst}==` },
    { bits: 1, lst: 'AAAA' },
    { bits: 1, lst: lst.slice(0, -4) },
  ])('rejects %j', async (claim) => {
    await expect(unpacked(claim)).rejects.toThrow(/./);
  });

  test('stops inflating a list that grows beyond two megabytes (§12.4)', async () => {
    const bomb = deflateSync(Buffer.alloc(50_000_000)).toString('base64url');
    const before = process.memoryUsage().rss;
    const size = unpacked({ bits: 1, lst: bomb }).then(({ bytes: all }) => all.length);
    await expect(size).rejects.toThrow('larger than');
    expect(process.memoryUsage().rss - before).toBeLessThan(30_000_000);
  });
});

describe('the claim status of a token (draft-ietf-oauth-status-list §6.2)', () => {
  const origin = 'https://op.example.com';
  const uri = `${origin}/status/1`;

  test('names a list of the issuer and an index', () => {
    expect(statusReference({ status_list: { idx: 7, uri } }, origin)).toEqual({ index: 7, uri: new URL(uri) });
  });

  test.each([
    undefined,
    null,
    {},
    { status_list: null },
    { status_list: { uri } },
    { status_list: { idx: -1, uri } },
    { status_list: { idx: 1.5, uri } },
    { status_list: { idx: '7', uri } },
    { status_list: { idx: 7 } },
    { status_list: { idx: 7, uri: '/status/1' } },
    { status_list: { idx: 7, uri: 'https://op.example.com.evil.example/status/1' } },
    { status_list: { idx: 7, uri: 'http://op.example.com/status/1' } },
    { status_list: { idx: 7, uri: 'https://op.example.com:8443/status/1' } },
    { status_list: { idx: 7, uri: 'data:application/statuslist+jwt,x' } },
  ])('%j is not a reference', (status) => {
    expect(statusReference(status, origin)).toBeUndefined();
  });
});
