import libsql from 'libsql';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DatabaseDeadline } from '../../../src/module/database/deadline.js';
import type { CallerRestrictions } from '../../../src/module/options/caller-restrictions.options.js';
import { type GlobalRevocationOptions, resolveOptions } from '../../../src/module/options/global-revocation.options.js';
import { RealmEpoch } from '../../../src/module/revocation/realm-epoch.entity.js';
import { SubjectEpoch } from '../../../src/module/revocation/subject-epoch.entity.js';
import { SubjectEpochs } from '../../../src/module/revocation/subject-epochs.js';
import { parseSubjectIdentifier } from '../../../src/module/subject/subject-identifier.js';
import { type CandidateRange, type UserCandidate, UserDirectory } from '../../../src/module/subject/user-directory.js';
import type { UserIdentifier } from '../../../src/module/subject/user-identifier.js';
import { UserLookupService } from '../../../src/module/subject/user-lookup.service.js';
import { OUR_ISSUER, THEIR_ISSUER } from './person-directory.js';

/** A host's own directory that is careless in every way it can be: it returns everybody, whatever was asked. */
class CarelessDirectory extends UserDirectory {
  readonly formats = ['email', 'iss_sub', 'account'] as const;
  override readonly attributes = ['uid'];
  readonly asked: Array<[UserIdentifier, CandidateRange]> = [];

  constructor(private readonly everybody: readonly UserCandidate[]) {
    super();
  }

  find(identifier: UserIdentifier, range: CandidateRange): Promise<readonly UserCandidate[]> {
    this.asked.push([identifier, range]);
    return Promise.resolve(this.everybody);
  }
}

/** Users have epochs, of which these have none. */
const dataSource = new DataSource({
  type: 'better-sqlite3',
  driver: libsql,
  database: ':memory:',
  entities: [SubjectEpoch, RealmEpoch],
  synchronize: true,
});
beforeAll(() => dataSource.initialize());
afterAll(() => dataSource.destroy());

function lookup(everybody: readonly UserCandidate[], options: Partial<GlobalRevocationOptions> = {}) {
  const directory = new CarelessDirectory(everybody);
  const resolved = resolveOptions({ issuer: OUR_ISSUER, ...options });
  const deadline = new DatabaseDeadline(1000);
  const service = new UserLookupService(directory, resolved, deadline, new SubjectEpochs(dataSource, deadline));
  const who = async (subId: object, restrictions?: CallerRestrictions): Promise<unknown> =>
    service.find(parseSubjectIdentifier(subId, directory), restrictions).then(
      ({ subject, matched }) => [subject, matched],
      (error: { reason?: string }) => error.reason ?? Promise.reject(error as Error),
    );
  return { directory, who };
}

const uid = (id: string) => ({ format: 'uid', id });

describe('a directory that returns all users', () => {
  const { who, directory } = lookup([
    { subject: '1', value: 'Admin', tenant: 'A' },
    { subject: '2', value: 'admin', tenant: 'a' },
    { subject: '3', value: 'admin ' },
    { subject: '4', value: 'Bob@X.org', tenant: 'a' },
    { subject: '5', value: 'acct:Bob@X.org' },
    { subject: '6', value: '42', issuer: OUR_ISSUER },
    { subject: '7', value: '42', issuer: THEIR_ISSUER },
    { subject: '8', value: '42' },
  ]);

  test.each<[object, unknown]>([
    [uid('admin'), ['2', 1]],
    [uid('Admin'), ['1', 1]],
    [uid('ADMIN'), 'unknownSubject'],
    [{ format: 'email', email: 'bob@x.org' }, ['4', 1]],
    [{ format: 'account', uri: 'acct:Bob@x.ORG' }, ['5', 1]],
    [{ format: 'account', uri: 'acct:bob@x.org' }, 'unknownSubject'],
    [{ format: 'iss_sub', iss: OUR_ISSUER, sub: '42' }, ['6', 1]],
    [{ format: 'iss_sub', iss: THEIR_ISSUER, sub: '42' }, ['7', 1]],
    [{ format: 'iss_sub', iss: `${OUR_ISSUER}/`, sub: '42' }, 'unknownSubject'],
    [uid('42'), ['8', 1]],
  ])('finds only equal users for %j', async (subId, expected) => {
    expect(await who(subId)).toEqual(expected);
  });

  test.each<[string, unknown]>([
    ['a', ['2', 1]],
    ['A', 'unknownSubject'],
    ['b', 'unknownSubject'],
  ])('finds only users of tenant %s for a caller of that tenant', async (tenant, expected) => {
    expect(await who(uid('admin'), { tenant })).toEqual(expected);
  });

  test('does not find a user without a tenant for a caller with one', async () => {
    expect(await who(uid('admin '), { tenant: '' })).toBe('unknownSubject');
    expect(await who(uid('admin '))).toEqual(['3', 1]);
  });

  test('receives the value as sent, its canonical form and the tenant of the caller', async () => {
    await who({ format: 'email', email: 'Bob@X.org' }, { tenant: 'a' });
    const identifier = { format: 'email', profile: 'rfc9493', value: 'Bob@X.org', canonical: 'bob@x.org' };
    expect(directory.asked.at(-1)).toEqual([identifier, { limit: 1000, tenant: 'a' }]);
  });

  test('is not asked for a format that it does not serve', async () => {
    const asked = directory.asked.length;
    await expect(who({ format: 'opaque', id: '1' })).rejects.toMatchObject({ reason: 'unsupportedFormat' });
    expect(directory.asked).toHaveLength(asked);
  });
});

describe('the result of a directory', () => {
  const many = (count: number, value: (i: number) => string): UserCandidate[] =>
    Array.from({ length: count }, (_, i) => ({ subject: `${i}`, value: value(i) }));

  test('counts a duplicate user once', async () => {
    const twice = [uid('bob'), uid('bob')].map(() => ({ subject: '1', value: 'bob' }));
    expect(await lookup(twice, { ambiguousSubject: 'reject' }).who(uid('bob'))).toEqual(['1', 1]);
  });

  test('cannot be revoked without an account ID', async () => {
    expect(await lookup([{ subject: '', value: 'bob' }]).who(uid('bob'))).toBe('notRevocable');
  });

  test('is not reported as unknown when the look-up reached its limit without a match', async () => {
    expect(await lookup(many(999, () => 'Bob')).who(uid('bob'))).toBe('unknownSubject');
    expect(await lookup(many(1000, () => 'Bob')).who(uid('bob'))).toBe('notRevocable');
    const one = many(1000, (i) => (i === 500 ? 'bob' : 'Bob'));
    expect(await lookup(one).who(uid('bob'))).toEqual(['500', 1]);
    expect(await lookup(one, { ambiguousSubject: 'reject' }).who(uid('bob'))).toBe('notRevocable');
  });

  test('is unavailable when the directory throws', async () => {
    const { who, directory } = lookup([]);
    directory.find = () => Promise.reject(new TypeError('down'));
    expect(await who(uid('bob'))).toBe('unavailable');
  });
});
