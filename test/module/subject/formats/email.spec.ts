import { describe, expect, test } from 'vitest';
import { canonicalEmail } from '../../../../src/module/subject/formats/email.js';

describe('RFC 9493 §3.2.2, RFC 5321 §2.4, RFC 5890 §2.3.2.1: canonical form', () => {
  test.each([
    ['bob@example.com', 'bob@example.com'],
    ['BOB@EXAMPLE.COM', 'bob@example.com'],
    ['B.o.B+tag@example.com', 'b.o.b+tag@example.com'],
    ['bob@bücher.example', 'bob@xn--bcher-kva.example'],
    ['bob@BÜCHER.example', 'bob@xn--bcher-kva.example'],
    ['bob@XN--BCHER-KVA.example', 'bob@xn--bcher-kva.example'],
    ['bob@BÜCHER.xn--bcher-kva.example', 'bob@xn--bcher-kva.xn--bcher-kva.example'],
    ['bob@localhost', 'bob@localhost'],
    ["o'hara/x=1!#$%&*-?^_`{|}~@x.org", "o'hara/x=1!#$%&*-?^_`{|}~@x.org"],
    ['bøb@example.com', 'bøb@example.com'],
    [`${'a'.repeat(64)}@x.org`, `${'a'.repeat(64)}@x.org`],
    ['"Bob"@example.com', 'bob@example.com'],
    [String.raw`"b\o\b"@example.com`, 'bob@example.com'],
    ['"Bob Smith"@example.com', '"bob smith"@example.com'],
    ['"a@b"@example.com', '"a@b"@example.com'],
    [String.raw`"a\"b\\c\d"@example.com`, String.raw`"a\"b\\cd"@example.com`],
    ['".bob"@example.com', '".bob"@example.com'],
    ['""@example.com', '""@example.com'],
    ['bob@[127.0.0.1]', 'bob@[127.0.0.1]'],
    ['bob@[IPV6:2001:DB8::1]', 'bob@[ipv6:2001:db8::1]'],
  ])('%s → %s', (address, canonical) => {
    expect(canonicalEmail(address)).toBe(canonical);
  });
});

describe('distinct addresses', () => {
  test.each([
    ['bob@example.com', 'b.ob@example.com'],
    ['bob@example.com', 'bob+tag@example.com'],
    ['bob@example.com', 'bob@example.org'],
    ['bob@example.com', 'bob@sub.example.com'],
    ['strasse@example.com', 'straße@example.com'],
    ['bób@example.com', 'bo\u0301b@example.com'],
    ['bob@example.com', 'b\u200bob@example.com'],
    ['bob@example.com', 'böb@example.com'],
    ['bob@fass.example', 'bob@faß.example'],
    ['"bob "@example.com', 'bob@example.com'],
    ['"bob smith"@example.com', '"bob  smith"@example.com'],
    ['bob@[127.0.0.1]', 'bob@[127.0.0.2]'],
  ])('%s and %s differ', (one, other) => {
    expect(canonicalEmail(one)).not.toBe(canonicalEmail(other));
  });
});

describe('RFC 5321 §4.1.2, §4.1.3, RFC 5322 §3.4.1: invalid addresses', () => {
  test.each([
    '',
    '@',
    'bob',
    'bob@',
    '@example.com',
    'a@b@example.com',
    'bob@example.com ',
    ' bob@example.com',
    'bo b@example.com',
    'bob@exa mple.com',
    'bob@example..com',
    'bob@.example.com',
    'bob@example.com.',
    'bob@-x.org',
    'bob@x-.org',
    '.bob@example.com',
    'bob.@example.com',
    'b..b@example.com',
    '"bob@example.com',
    'bob"@example.com',
    '"b"ob"@example.com',
    '"bob\\"@example.com',
    '"bob".smith@example.com',
    '"bo\tb"@example.com',
    '"bo\u200bb"@example.com',
    `"${'a'.repeat(63)}"@x.org`,
    'bob@[127.0.0.256]',
    'bob@[::1]',
    'bob@[IPv6:127.0.0.1]',
    'bob@[IPv6:fe80::1%eth0]',
    'bob@[]',
    'bob@[example.com]',
    'bob@127.0.0.1',
    'bob@0x7f.1',
    'bob@exam%70le.com',
    'bob@ex%C3%A4mple.com',
    'bob@exämple.com/x',
    'bob@exämple.com:80',
    'bob@exämple.com#x',
    'bob@exämple.com?x',
    'bob@x\\y.com',
    'bob@例え。テスト@x',
    'bob@例え。テスト',
    'bob@b\u00adücher.example',
    'bob@bücher\u200b.example',
    'bob@bücher.ex\u00adample',
    'bob@ｂücher.example',
    'bob@ｂucher.example',
    'bob@\u212aücher.example',
    'bob@\u212aucher.example',
    'bob@bu\u0308cher.example',
    'bob@ﬁsch.example',
    'bob@bücher\ufe0f.example',
    'bob\u0000@example.com',
    'bob\u200b@example.com',
    'bob\ud800@example.com',
    'bob@example\u3000.com',
    'Bob <bob@example.com>',
    `${'a'.repeat(65)}@x.org`,
    `bob@${'a'.repeat(64)}.org`,
    `bob@${'a.'.repeat(127)}org`,
    `bob@${'é.'.repeat(120)}org`,
    `bob@${'é.'.repeat(4000)}org`,
  ])('returns undefined for %j', (address) => {
    expect(canonicalEmail(address)).toBeUndefined();
  });
});
