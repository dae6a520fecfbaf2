import type { Mutant } from './mutant.js';

const group = (test: string): Mutant['kills'] => ({ spec: 'test/module/database/group-commit.spec.ts', test });
const shared = (test: string): Mutant['kills'] => ({
  spec: 'test/module/revocation/shared-revocations.spec.ts',
  test,
});

export const rows: readonly Mutant[] = [
  {
    name: 'transaction-of-any-size',
    file: 'src/module/database/group-commit.ts',
    replace: 'splice(0, MEMBERS_MAX)',
    with: 'splice(0)',
    kills: group('a hundred and fifty leave in their order'),
  },
  {
    name: 'second-transaction-does-not-wait',
    file: 'src/module/database/group-commit.ts',
    replace: 'this.isLeaving || this.isUnderWay ||',
    with: 'this.isLeaving ||',
    kills: group('who comes while a transaction runs (shared) waits for it and shares the next'),
  },
  {
    name: 'slow-transaction-holds-up-others',
    file: 'src/module/database/group-commit.ts',
    replace: 'setTimeout(done, SLOW_MS)',
    with: 'setTimeout(() => {}, SLOW_MS)',
    kills: group('a slow transaction (alone) holds up others only for a moment'),
  },
  {
    name: 'split-for-ever',
    file: 'src/module/database/group-commit.ts',
    replace: 'members.length <= 1 || slow.aborted',
    with: 'members.length <= 1',
    kills: group('after a moment, a transaction that fails is not split again'),
  },
  {
    name: 'error-of-one-for-all-members',
    file: 'src/module/database/group-commit.ts',
    replace: 'if (isOfConnection) for',
    with: 'if (isOfConnection || members.length > 0) for',
    kills: group('a duplicate key splits the transaction until its cause is alone'),
  },
  {
    name: 'lock-of-one-for-all-members',
    file: 'src/module/database/group-commit.ts',
    replace: " && !isDriverError(error, 'contended')",
    with: '',
    kills: group('a lock that another holds splits the transaction until its cause is alone'),
  },
  {
    name: 'lost-connection-is-split',
    file: 'src/module/database/group-commit.ts',
    replace: 'if (isOfConnection) for',
    with: 'if (isOfConnection && members.length === 0) for',
    kills: group('a connection that fails reaches all members'),
  },
  {
    name: 'waits-for-what-is-alone-after-a-split',
    file: 'src/module/database/group-commit.ts',
    replace: 'for (const { resolve } of members) resolve({ whenAlone: () => {} });\n      return;',
    with: 'for (const { resolve } of members) await new Promise<void>((whenAlone) => resolve({ whenAlone }));\n      return;',
    kills: group('what is alone after a split holds up neither the rest of its transaction nor the next one'),
  },
  {
    name: 'revoked-after-its-deadline',
    file: 'src/module/database/group-commit.ts',
    replace: 'if (!isLate()) return true;',
    with: 'if (!isLate() || members.length > 0) return true;',
    kills: shared('whose deadline passes while another transaction runs gets 503 and is not revoked'),
  },
  {
    name: 'shared-transaction-in-the-context-of-a-member',
    file: 'src/module/database/group-commit.ts',
    replace: 'this.outside(() => setImmediate(() => void this.leave()));',
    with: 'setImmediate(() => void this.leave());',
    kills: group('a shared transaction runs outside of the contexts of its members'),
  },
  {
    name: 'same-user-raised-once',
    file: 'src/module/revocation/raise-epochs.ts',
    replace: '(key: string): number => times.get(key)! - 1',
    with: '(key: string): number => 0 * times.get(key)!',
    kills: shared('raises by as many as there are, from an epoch that is ahead of the clock (R7)'),
  },
  {
    name: 'same-user-raised-by-the-clock-alone',
    file: 'src/module/revocation/raise-epochs.ts',
    replace: '${cases && ` + CASE ${table}.subject_hash ${cases} ELSE 0 END`}',
    with: '',
    kills: shared('raises by as many as there are, from an epoch that is ahead of the clock (R7)'),
  },
  {
    name: 'records-of-one-user-share-their-epochs',
    file: 'src/module/revocation/epoch-columns.ts',
    replace: "later === 0 ? 'epoch' : `epoch - ${later}`",
    with: "later >= 0 ? 'epoch' : `epoch - ${later}`",
    kills: shared('each record has its own epochs before and after, also of one user several times'),
  },
  {
    name: 'notifications-of-one-user-share-their-epochs',
    file: 'src/module/notifications/outbox.ts',
    replace: 'this.row(epochBefore(place), epochAfter(place)',
    with: 'this.row(epochBefore({ ...place, isFirst: true }), epochAfter({ ...place, later: 0 })',
    kills: shared('each has its notification, with its own epochs'),
  },
  {
    name: 'shared-assertion-not-used-up',
    file: 'src/module/revocation/shared-revocations.ts',
    replace: 'if (used.length > 0) await',
    with: 'if (used.length > 1e9) await',
    kills: shared('the same one twice at once has one effect, and both get its record'),
  },
  {
    name: 'listener-skipped-in-a-shared-transaction',
    file: 'src/module/revocation/revocation.service.ts',
    replace: ' && !this.listeners.areInTransaction',
    with: '',
    kills: shared('a listener in the transaction refuses one user, and the others are revoked'),
  },
  {
    name: 'database-closed-before-those-that-wait',
    file: 'src/module/database/group-commit.ts',
    replace: 'await Promise.allSettled(this.unsettled);',
    with: 'await Promise.allSettled([]);',
    kills: group('settled() resolves when all that was asked for has ended'),
  },
  {
    name: 'all-wait-for-the-lock-of-one',
    file: 'src/module/database/sql-dialect.ts',
    edits: [
      { replace: 'FOR UPDATE NOWAIT`', with: 'FOR UPDATE`' },
      { replace: "hasty: { begin: 'SET LOCAL lock_timeout = 50' }", with: 'hasty: {}' },
    ],
    kills: shared('and changes it, the others are revoked at once'),
    databases: 'all',
  },
];
