import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactUri } from '../../../../src/module/subject/formats/uri.js';
import { uris } from '../uri-grammar.js';

test('returns any URI of the grammar unchanged', () => {
  fc.assert(
    fc.property(uris, (uri) => {
      expect(exactUri(uri)).toBe(uri);
    }),
    { numRuns: 5000 },
  );
});

test.each([
  'https://user.example.com/',
  'urn:uuid:4e851e98-83c4-4743-a5da-150ecb53042f',
  'ftp://ftp.is.co.za/rfc/rfc1808.txt',
  'ldap://[2001:db8::7]/c=GB?objectClass?one',
  'mailto:John.Doe@example.com',
  'news:comp.infosystems.www.servers.unix',
  'tel:+1-816-555-1212',
  'telnet://192.0.2.16:80/',
  'file:///etc/hosts',
  'a:',
  'a://',
  'http://[::ffff:192.0.2.1]:/',
  'http://[v7.a:b]',
])('returns %s unchanged', (uri) => {
  expect(exactUri(uri)).toBe(uri);
});

describe('RFC 9493 §3.2.7, RFC 3986 §3, §3.2.2, §6.2.2.1, §6.2.2.2, §A: invalid URIs', () => {
  test.each([
    '',
    'user.example.com',
    '//user.example.com/',
    '/path',
    ':a',
    '1a:b',
    'a_b:c',
    'http://a b/',
    ' http://a/',
    'http://a/ ',
    'http://bücher.example/',
    'http://a/%',
    'http://a/%4',
    'http://a/%zz',
    'http://a/<b>',
    'http://a/"',
    'http://a/{b}',
    'http://a/b|c',
    'http://a/b\\c',
    'http://a/b^c',
    'http://a/`',
    'http://a/#b#c',
    'http://a/[b]',
    'http://[::1/',
    'http://[1::2::3]/',
    'http://[fe80::1%25eth0]/',
    'http://[fe80::1%eth0]/',
    'http://[127.0.0.1]/',
    'http://[v.a]/',
    'http://[]/',
    'http://x[::1]/',
    'http://a@b@c/',
    'http://a:b/',
    'http://a:80:80/',
    'http://a/\n',
  ])('returns undefined for %j', (uri) => {
    expect(exactUri(uri)).toBeUndefined();
  });

  test('rejects 8 kB of almost valid text quickly', () => {
    const started = performance.now();
    for (const part of ['a', 'a:', '%41', 'a@', '/', '//', '[', '?', 'a.', '::']) {
      exactUri(`http://${part.repeat(8000 / part.length)}\u00e9`);
    }
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
