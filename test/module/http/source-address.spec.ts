import { describe, expect, test } from 'vitest';
import { networkOf } from '../../../src/module/caller/rate-limits.js';
import { sourceAddress } from '../../../src/module/http/source-address.js';

/** As a socket or a proxy names it → the address, empty for none. */
const named: Array<[text: string, address: string]> = [
  ['198.51.100.7', '198.51.100.7'],
  [' 198.51.100.7 ', '198.51.100.7'],
  ['198.51.100.7:40000', '198.51.100.7'],
  ['198.51.100.7:_port', '198.51.100.7'],
  ['"198.51.100.7:47011"', '198.51.100.7'],
  ['2001:db8:cafe::17', '2001:db8:cafe::17'],
  ['2001:DB8:CAFE:0:0:0:0:17', '2001:db8:cafe::17'],
  ['[2001:db8:cafe::17]', '2001:db8:cafe::17'],
  ['[2001:db8:cafe::17]:4711', '2001:db8:cafe::17'],
  ['"[2001:db8:cafe::17]:4711"', '2001:db8:cafe::17'],
  ['[2a01:4f8:1c17:8d33:1319:8a2e:3707:7348]:54321', '2a01:4f8:1c17:8d33:1319:8a2e:3707:7348'],
  ['fe80::1%eth0', 'fe80::1'],
  ['[fe80::1%25eth0]:443', 'fe80::1'],
  ['::ffff:198.51.100.7', '198.51.100.7'],
  ['[::ffff:198.51.100.7]:1', '198.51.100.7'],
  ['::ffff:c633:6407', '198.51.100.7'],
  ['::1', '::1'],
  ...['', 'unknown', '_hidden', 'localhost', 'x'.repeat(60), '198.51.100', '0x7f.1', '2130706433', '010.0.0.1'].map(
    (text): [string, string] => [text, ''],
  ),
  ...['256.1.1.1', '[]', '[::1', '::1]', '1.2.3.4:5:6', '1.2.3.4, 5.6.7.8', '\u0661.2.3.4', '[x]:1', ':80'].map(
    (text): [string, string] => [text, ''],
  ),
];

describe('RFC 7239 §6, RFC 5952 §4: the address of a source', () => {
  test.each(named)('%s → "%s"', (text, address) => {
    expect(sourceAddress(text)).toBe(address);
  });

  test('reads a missing value as no address', () => {
    expect(sourceAddress(undefined)).toBe('');
  });
});

describe('addresses whose guesses are counted together', () => {
  test.each<[title: string, one: string, other: string]>([
    ['another port', '198.51.100.7:1', '198.51.100.7:2'],
    ['a port or none', '198.51.100.7', '198.51.100.7:2'],
    ['another address of one IPv6 network', '2001:db8:0:1::1', '[2001:db8:0:1:ffff::2]:3'],
    ['another zone', 'fe80::1%a', 'fe80::1%b'],
    ['mapped into IPv6 or not', '198.51.100.7', '[::ffff:198.51.100.7]:9'],
    ['two names that are not addresses', 'unknown', '_a1'],
  ])('%s: counts as one source', (_title, one, other) => {
    expect(networkOf(one)).toBe(networkOf(other));
  });

  test.each([
    ['198.51.100.7', '198.51.100.8'],
    ['2001:db8:0:1::1', '2001:db8:0:2::1'],
    ['198.51.100.7', 'unknown'],
  ])('%s and %s count as two sources', (one, other) => {
    expect(networkOf(one)).not.toBe(networkOf(other));
  });
});
