import type { Mutant } from './mutant.js';

const realms = (test: string): Mutant['kills'] => ({ spec: 'test/module/revocation/realms.spec.ts', test });
const ENDS = 'ends what its users have, and not what others have or what they get by signing in again, each time';

export const rows: readonly Mutant[] = [
  {
    name: 'realm-not-inherited',
    file: 'src/module/revocation/live-epoch.ts',
    replace: "${OF_EVERYBODY} + ${realmEpoch('e.realm_hash')}",
    with: '${OF_EVERYBODY}',
    kills: realms(ENDS),
  },
  {
    name: 'realm-of-others-too',
    file: 'src/module/revocation/live-epoch.ts',
    replace: "${OF_EVERYBODY} + ${realmEpoch('e.realm_hash')}",
    with: '${OF_EVERYBODY} + COALESCE((SELECT SUM(g.epoch) FROM gtr_realm_epoch g), 0)',
    kills: realms(ENDS),
  },
  {
    name: 'from-before-outlives-realm',
    file: 'src/module/revocation/live-epoch.ts',
    replace: "(e.previous > 0 OR ${realmEpoch('e.realm_hash')} > 0)",
    with: '(e.previous > 0)',
    kills: realms('ends credentials from before the module, of users who were placed'),
  },
  {
    name: 'epoch-used-twice-after-a-move',
    file: 'src/module/revocation/realm.ts',
    replace: 'user.epoch + left - joined',
    with: 'user.epoch',
    kills: realms('an epoch is never used twice, whatever happens to a user and to realms'),
  },
  {
    name: 'epoch-grows-with-each-move',
    file: 'src/module/revocation/realm.ts',
    replace: 'user.epoch + left - joined',
    with: 'user.epoch + Math.max(0, left - joined)',
    kills: realms('moves back and forth do not make the epoch grow forever'),
  },
  {
    name: 'realm-revoked-while-a-user-leaves',
    file: 'src/module/revocation/realm.ts',
    replace: '{ where, ...forShare(manager) }',
    with: '{ where }',
    kills: realms('waits for a user who leaves the realm, which was revoked before'),
    databases: 'all',
  },
  {
    name: 'realm-first-revoked-while-a-user-leaves',
    file: 'src/module/revocation/realm.ts',
    edits: [
      { replace: 'if (!(await manager.existsBy(RealmEpoch, { realmHash: key })))', with: "if (key === '')" },
      {
        replace: 'findOneOrFail(RealmEpoch, { where, ...forShare(manager) })).epoch',
        with: 'findOne(RealmEpoch, { where, ...forShare(manager) }))?.epoch ?? 0',
      },
    ],
    kills: realms('waits for a user who leaves the realm, which was never revoked'),
    databases: 'all',
  },
  {
    name: 'raise-all-forgets-lost-realms',
    file: 'src/module/revocation/subject-epochs.ts',
    replace: 'epoch + 2 * (${now})',
    with: 'epoch + 0 * (${now})',
    kills: realms('raising all after a restored backup that lacks it exceeds every epoch since'),
  },
  {
    name: 'long-realm-is-cut',
    file: 'src/module/revocation/realm.ts',
    replace: 'name.length > REALM_MAX',
    with: 'realm.length > REALM_MAX',
    kills: realms('a name that is longer than 255 characters in NFC is refused before anything is written'),
  },
  {
    name: 'realm-of-spaces',
    file: 'src/module/revocation/realm.ts',
    replace: "name.trim() === ''",
    with: "name === ''",
    kills: realms('a name that is only spaces, which MySQL takes for no realm is refused before anything is written'),
  },
  {
    name: 'move-without-a-revocation',
    file: 'src/module/revocation/realms.ts',
    replace: 'if (state.realmKey === key) return state.epoch;',
    with: 'if (state.realmKey !== null) return state.epoch;',
    kills: realms('ends what was made in the realm before, with a record, and reaches the user in the new one'),
  },
  {
    name: 'move-lost-in-a-shared-transaction',
    file: 'src/module/revocation/revocation.service.ts',
    replace: ' && context.movesTo === undefined',
    with: '',
    kills: realms('at the same time as others, sign-ins and moves, leaves nothing alive from before'),
  },
  {
    name: 'placed-in-a-revoked-realm-unnoticed',
    file: 'src/module/revocation/subject-epochs.ts',
    replace: " AND ${realmEpoch('?')} = 0",
    with: " AND ${realmEpoch('?')} >= 0",
    kills: realms('ends, when it becomes known, what its revocation did not reach'),
  },
  {
    name: 'record-of-a-move-says-the-new-realm',
    file: 'src/module/revocation/realm.ts',
    replace: 'epochBefore: before!.epochBefore',
    with: 'epochBefore: epochsOfOnly(key).epochBefore',
    kills: realms('the records of users say what credentials carry, before it and after it'),
  },
  {
    name: 'realm-ends-rows-of-everybody',
    file: 'src/module/revocation/revocation.service.ts',
    replace: 'if (tables.length > 0) {',
    with: 'if (tables.length < 0) {',
    kills: {
      spec: 'test/module/revocation/targets/targets.sweeper.spec.ts',
      test: 'refuses to revoke a realm while rows of a table show neither epoch nor realm, and says which',
    },
  },
  {
    name: 'realm-ends-rows-without-epoch-of-others',
    file: 'src/module/revocation/targets/dead-rows.ts',
    replace: 'keepsOld && isLiveEpoch',
    with: 'false && isLiveEpoch',
    kills: {
      spec: 'test/module/revocation/targets/targets.sweeper.spec.ts',
      test: 'leaves rows without an epoch to users of other realms, when it deletes rows',
    },
  },
  {
    name: 'sweep-of-a-realm-rests-at-live-rows',
    file: 'src/module/revocation/targets/host-target.ts',
    replace: 'hasPassed: dead.size === 0 && !isLast',
    with: 'hasPassed: false',
    kills: {
      spec: 'test/module/revocation/targets/targets.sweeper.spec.ts',
      test: 'finds the rows of realms behind those of others with one sweep',
    },
  },
  {
    name: 'realm-tells-about-users-of-others',
    file: 'src/module/backchannel-logout/participants.ts',
    replace: 'if (realm === EVERYBODY_REALM)',
    with: "if (realm !== '')",
    kills: {
      spec: 'test/module/backchannel-logout/participants.spec.ts',
      test: 'of a realm are read in pages of its users, each once, whoever else was revoked before',
    },
  },
  {
    name: 'realm-adopted-by-tables-without-epoch',
    file: 'src/module/revocation/targets/revocation-targets.ts',
    replace: ' || (isOfNamedRealm(revocation) && !hasEpochColumn)',
    with: '',
    kills: {
      spec: 'test/module/revocation/targets/targets.sweeper.spec.ts',
      test: 'a process with more targets leaves the rows of other realms alone',
    },
  },
  {
    name: 'revocation-of-a-realm-unnoticed',
    file: 'src/module/revocation/live-epoch.ts',
    replace: '${OF_EVERYBODY} + COALESCE((SELECT SUM(g.epoch) FROM gtr_realm_epoch g), 0)',
    with: '${OF_EVERYBODY}',
    kills: {
      spec: 'test/module/status-list/status-lists.spec.ts',
      test: 'a node that has read everything finds later revocations, of one user, of a realm and of everybody',
    },
  },
  {
    name: 'name-of-a-realm-in-the-message',
    file: 'src/module/audit/revoked-event.ts',
    replace: "'everybody revoked' : 'realm revoked'",
    with: "'everybody revoked' : `${realm} revoked`",
    kills: {
      spec: 'test/module/audit/revoked-event.spec.ts',
      test: 'has a message that no name can change',
    },
  },
  {
    name: 'unknown-realm-revoked',
    file: 'src/cli/revoke.command.ts',
    replace: 'if (users === 0)',
    with: 'if (users < 0)',
    kills: { spec: 'test/cli/revoke.command.realm.spec.ts', test: 'of which nobody is known, it revokes nobody' },
  },
];
