import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { CallerAssertion } from '../../../../src/module/caller/caller.js';
import { UsedAssertion } from '../../../../src/module/caller/assertion/used-assertion.entity.js';
import { UsedAssertions } from '../../../../src/module/caller/assertion/used-assertions.js';
import { DatabaseDeadline } from '../../../../src/module/database/deadline.js';
import { sha256Hex } from '../../../../src/module/database/digest.js';
import { Revocation } from '../../../../src/module/revocation/revocation.entity.js';
import { breakCommits } from '../../database/break-commits.js';
import { databaseFixture } from '../../database/open-database.js';
import { describeEachDatabase } from '../../../support/databases.js';

describeEachDatabase('single effect of an assertion', (database) => {
  const db = databaseFixture(database);

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

  test('a used assertion is stored with its record, body hash and expiry', async () => {
    const used = assertion();
    const id = await revoke('once', used);
    const { bodyHash, expiresAt } = used;
    expect(await usesOf(used)).toMatchObject([{ usedBy: id, bodyHash, expiresAt }]);
    expect(await recordsOf('once')).toMatchObject([{ id }]);
  });

  test('a repetition with the same body returns the same record and keeps the epoch', async () => {
    const used = assertion();
    const id = await revoke('same', used);
    const epoch = await db.epochs.current('same');
    expect(await revoke('same', used)).toBe(id);
    expect(await db.epochs.current('same')).toBe(epoch);
    expect(await recordsOf('same')).toHaveLength(1);
  });

  test('a repetition with another body is rejected and revokes nobody', async () => {
    const used = assertion();
    await revoke('first', used);
    const other = revoke('second', { ...used, bodyHash: sha256Hex('another body') });
    await expect(other).rejects.toMatchObject({ reason: 'assertionReplayed', jti: used.jti });
    expect(await recordsOf('second')).toEqual([]);
    expect(await db.epochs.current('second')).toBeUndefined();
  });

  test('the same jti of another issuer is another assertion', async () => {
    const used = assertion();
    await revoke('one-issuer', used);
    await revoke('other-issuer', { ...used, issuer: 'https://other.example' });
    expect(await recordsOf('other-issuer')).toHaveLength(1);
  });

  test('100 simultaneous uses make one record and one raise and get the same answer', async () => {
    const used = assertion();
    const before = await db.epochs.epochForSignIn('crowd');
    const ids = await Promise.all(Array.from({ length: 100 }, () => revoke('crowd', used)));
    expect(new Set(ids).size).toBe(1);
    const records = await recordsOf('crowd');
    expect(records).toMatchObject([{ id: ids[0], epochBefore: before, epochAfter: await db.epochs.current('crowd') }]);
  });

  test('the revocation succeeds once when the connection breaks after COMMIT', async () => {
    const used = assertion();
    const broken = breakCommits(db.dataSource, 'after', 1);
    const id = await revoke('unheard', used);
    expect(broken()).toBe(1);
    expect(await recordsOf('unheard')).toMatchObject([{ id }]);
  });

  test('the revocation succeeds once when the connection breaks before COMMIT', async () => {
    const used = assertion();
    const broken = breakCommits(db.dataSource, 'before', 1);
    const id = await revoke('broken', used);
    expect(broken()).toBe(1);
    expect(await recordsOf('broken')).toMatchObject([{ id }]);
    expect(await usesOf(used)).toMatchObject([{ usedBy: id }]);
  });

  test('a failing revocation does not use up the assertion', async () => {
    const used = assertion();
    await db.dataSource.query('ALTER TABLE gtr_revocation RENAME TO gtr_revocation_away');
    await expect(revoke('later', used)).rejects.toMatchObject({ reason: 'unavailable' });
    await db.dataSource.query('ALTER TABLE gtr_revocation_away RENAME TO gtr_revocation');
    expect(await usesOf(used)).toEqual([]);
    await revoke('later', used);
    expect(await recordsOf('later')).toHaveLength(1);
  });

  test('expired assertions are deleted in batches, and others stay', async () => {
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
