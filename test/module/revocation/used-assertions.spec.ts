import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CallerAssertion } from '../../../src/module/caller/caller.js';
import { UsedAssertion } from '../../../src/module/caller/assertion/used-assertion.entity.js';
import { UsedAssertions } from '../../../src/module/caller/assertion/used-assertions.js';
import { DatabaseDeadline } from '../../../src/module/database/deadline.js';
import { sha256Hex } from '../../../src/module/database/digest.js';
import { Revocation } from '../../../src/module/revocation/revocation.entity.js';
import { breakCommits } from '../database/break-commits.js';
import { openDatabase, type OpenDatabase } from '../database/open-database.js';
import { describeEachDatabase } from '../../support/databases.js';

describeEachDatabase('an assertion has one effect', (database) => {
  let db: OpenDatabase;

  beforeAll(async () => {
    db = await openDatabase(database);
  });
  afterAll(() => db.close());

  const assertion = (more: Partial<CallerAssertion> = {}): CallerAssertion => ({
    issuer: 'https://idp.example',
    jti: randomUUID(),
    expiresAt: Date.now() + 60_000,
    bodyHash: sha256Hex('the body'),
    ...more,
  });
  const revoke = (subject: string, used: CallerAssertion) =>
    db.revocations.revoke(subject, { actor: 'idp', assertion: used });
  const recordsOf = (subject: string) => db.dataSource.manager.findBy(Revocation, { subject });
  const usesOf = ({ issuer, jti }: CallerAssertion) =>
    db.dataSource.manager.findBy(UsedAssertion, { assertionHash: sha256Hex(JSON.stringify([issuer, jti])) });

  test('used once → kept with the record it made, the body and its end', async () => {
    const used = assertion();
    const id = await revoke('once', used);
    const { bodyHash, expiresAt } = used;
    expect(await usesOf(used)).toMatchObject([{ usedBy: id, bodyHash, expiresAt }]);
    expect(await recordsOf('once')).toMatchObject([{ id }]);
  });

  test('the same with the same body → the same record, and the epoch stays', async () => {
    const used = assertion();
    const id = await revoke('same', used);
    const epoch = await db.epochs.current('same');
    expect(await revoke('same', used)).toBe(id);
    expect(await db.epochs.current('same')).toBe(epoch);
    expect(await recordsOf('same')).toHaveLength(1);
  });

  test('the same with another body → refused, and nobody is revoked', async () => {
    const used = assertion();
    await revoke('first', used);
    const other = revoke('second', { ...used, bodyHash: sha256Hex('another body') });
    await expect(other).rejects.toMatchObject({ reason: 'assertionReplayed', jti: used.jti });
    expect(await recordsOf('second')).toEqual([]);
    expect(await db.epochs.current('second')).toBeUndefined();
  });

  test('the same jti of another issuer → another assertion', async () => {
    const used = assertion();
    await revoke('one-issuer', used);
    await revoke('other-issuer', { ...used, issuer: 'https://other.example' });
    expect(await recordsOf('other-issuer')).toHaveLength(1);
  });

  test('100 at once → one record, one raise, all with the same answer', async () => {
    const used = assertion();
    const before = await db.epochs.epochForSignIn('crowd');
    const ids = await Promise.all(Array.from({ length: 100 }, () => revoke('crowd', used)));
    expect(new Set(ids).size).toBe(1);
    const records = await recordsOf('crowd');
    expect(records).toMatchObject([{ id: ids[0], epochBefore: before, epochAfter: await db.epochs.current('crowd') }]);
  });

  test('the connection breaks after the COMMIT → our own use is recognised, and the caller sees success', async () => {
    const used = assertion();
    const broken = breakCommits(db.dataSource, 'after', 1);
    const id = await revoke('unheard', used);
    expect(broken()).toBe(1);
    expect(await recordsOf('unheard')).toMatchObject([{ id }]);
  });

  test('the connection breaks before the COMMIT → used once, revoked once', async () => {
    const used = assertion();
    const broken = breakCommits(db.dataSource, 'before', 1);
    const id = await revoke('broken', used);
    expect(broken()).toBe(1);
    expect(await recordsOf('broken')).toMatchObject([{ id }]);
    expect(await usesOf(used)).toMatchObject([{ usedBy: id }]);
  });

  test('the revocation fails → the assertion is not used up', async () => {
    const used = assertion();
    await db.dataSource.query('ALTER TABLE gtr_revocation RENAME TO gtr_revocation_away');
    await expect(revoke('later', used)).rejects.toMatchObject({ reason: 'unavailable' });
    await db.dataSource.query('ALTER TABLE gtr_revocation_away RENAME TO gtr_revocation');
    expect(await usesOf(used)).toEqual([]);
    await revoke('later', used);
    expect(await recordsOf('later')).toHaveLength(1);
  });

  test('expired long ago → forgotten in batches; not expired → kept', async () => {
    const assertions = new UsedAssertions(db.dataSource, new DatabaseDeadline(5000));
    await db.dataSource.manager.clear(UsedAssertion);
    const old = Array.from({ length: 7 }, () => assertion({ expiresAt: 1000 }));
    const kept = assertion();
    for (const used of [...old, kept]) await revoke('purged', used);
    expect(await assertions.purge(2000, 5)).toBe(5);
    expect(await assertions.purge(2000, 5)).toBe(2);
    expect(await db.dataSource.manager.count(UsedAssertion)).toBe(1);
    expect(await usesOf(kept)).toHaveLength(1);
  });
});
