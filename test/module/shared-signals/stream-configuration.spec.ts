import { describe, expect, test } from 'vitest';
import { resolveSharedSignals, settingsOf } from '../../../src/module/shared-signals/shared-signals.options.js';
import { METHODS, readSupplied } from '../../../src/module/shared-signals/stream-configuration.js';

const push = (members: object) => ({ delivery: { method: METHODS.push, ...members } });

describe('what receivers supply', () => {
  test('is read as it is sent', () => {
    const delivery = { method: METHODS.push, endpoint_url: 'https://r.example/a?b', authorization_header: 'Bearer x' };
    expect(
      readSupplied({ events_requested: ['a', 'a'], description: 'd', delivery, other: 1 }, { http: false }),
    ).toEqual({
      ...{ eventsRequested: ['a'], description: 'd' },
      push: { url: 'https://r.example/a?b', authorization: 'Bearer x' },
    });
    expect(readSupplied({}, { http: false })).toEqual({});
    expect(readSupplied({ delivery: { method: METHODS.poll } }, { http: false })).toEqual({ push: null });
  });

  test.each([
    ['http in production', { endpoint_url: 'http://r.example/' }],
    ['a password', { endpoint_url: 'https://a:b@r.example/' }],
    ['a fragment', { endpoint_url: 'https://r.example/#a' }],
    ['a blank', { endpoint_url: 'https://r.example/ ' }],
    ['another host', { endpoint_url: 'https://other.example/' }],
    ['a header of two lines', { endpoint_url: 'https://r.example/', authorization_header: 'a\r\nb: c' }],
    ['an empty header', { endpoint_url: 'https://r.example/', authorization_header: '' }],
  ])('%s is refused', (_title, members) => {
    expect(() => readSupplied(push(members), { http: false, hosts: ['r.example'] })).toThrow(/^delivery\./);
  });

  test('an address without a name is compared without brackets', () => {
    const rules = { http: false, hosts: ['::1'] };
    expect(readSupplied(push({ endpoint_url: 'https://[::1]/' }), rules)).toMatchObject({ push: {} });
  });
});

describe('options', () => {
  const good = { signer: () => '', storageKey: Buffer.alloc(32) };

  test('that are left out have defaults', () => {
    expect(resolveSharedSignals(good)).toMatchObject({
      path: 'ssf',
      defaultSubjects: 'NONE',
      minVerificationSeconds: 60,
    });
  });

  test('that cannot work are named', () => {
    const wrong = { ...good, storageKey: Buffer.alloc(8), path: '/x/', extra: 1 };
    const named = /SharedSignalsModule: [^]*storageKey: must be[^]*path: must be[^]*extra/;
    expect(() => resolveSharedSignals(wrong)).toThrow(named);
    const email = { ...good, receivers: { one: { subjectFormat: 'email' as const } } };
    expect(() => resolveSharedSignals(email)).toThrow("receivers.one.subjectFormat: 'email' needs the option emailOf");
  });

  test('of a receiver belong to its exact name', () => {
    const options = resolveSharedSignals({ ...good, receivers: { one: { pushHosts: ['a'] } } });
    expect(settingsOf(options, 'one')).toEqual({ pushHosts: ['a'], subjectFormat: 'iss_sub' });
    for (const id of ['two', 'constructor', '__proto__'])
      expect(settingsOf(options, id)).toEqual({ subjectFormat: 'iss_sub' });
  });
});
