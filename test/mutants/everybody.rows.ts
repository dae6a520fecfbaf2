import type { Mutant } from './mutant.js';

const everybody = (test: string): Mutant['kills'] => ({
  spec: 'test/module/revocation/revocation.everybody.spec.ts',
  test,
});

export const rows: readonly Mutant[] = [
  {
    name: 'record-outlives-everybody',
    file: 'src/module/revocation/live-epoch.ts',
    replace: 'SELECT ${own} + ${INHERITED} FROM',
    with: 'SELECT ${own} FROM',
    kills: everybody('ends what all users have, and not what they get by signing in again, each time'),
  },
  {
    name: 'epoch-outlives-everybody',
    file: 'src/module/revocation/epoch-states.ts',
    replace: 'e.epoch + ${INHERITED} AS epoch',
    with: 'e.epoch',
    kills: everybody('ends what all users have, and not what they get by signing in again, each time'),
  },
  {
    name: 'record-of-a-user-without-the-realm',
    file: 'src/module/revocation/epoch-columns.ts',
    replace: 'THEN 0 ELSE ${INHERITED} END',
    with: 'THEN 0 ELSE 0 END',
    kills: everybody('the records of users say what credentials carry, before it and after it'),
  },
  {
    name: 'rows-of-the-host-outlive-everybody',
    file: 'src/module/revocation/targets/revocation-targets.ts',
    replace: "if (realm === '') return",
    with: "if (realm !== '-') return",
    kills: {
      spec: 'test/module/revocation/targets/targets.sweeper.spec.ts',
      test: 'ends the rows of everybody, one batch at once, and none of a later sign-in',
    },
  },
  {
    name: 'failed-sweep-of-everybody-leaves-rows-of-the-host',
    file: 'src/module/revocation/targets/host-target.ts',
    replace: 'if (dead.size === 0) place.after',
    with: 'place.after',
    kills: {
      spec: 'test/module/revocation/targets/targets.sweeper.spec.ts',
      test: 'finds the dead rows of everybody in small parts, although every second COMMIT fails, and no others',
    },
  },
  {
    name: 'batch-of-everybody-for-each-user',
    file: 'src/module/revocation/targets/host-target.ts',
    edits: [
      { replace: 'if (sum >= limit) break;', with: '' },
      { replace: 'subject }, limit - sum)', with: 'subject }, limit)' },
    ],
    kills: {
      spec: 'test/module/revocation/targets/targets.sweeper.spec.ts',
      test: 'a transaction for everybody ends no more rows than one for a user, whoever they belong to',
    },
  },
  {
    name: 'failed-sweep-of-everybody-leaves-records',
    file: 'src/module/oidc-provider/record-sweep.ts',
    replace: 'if (dead.length === 0) this.place',
    with: 'this.place',
    kills: everybody('the sweep reads all records in small parts, and ends and counts only what is dead'),
  },
  {
    name: 'sweep-of-everybody-ends-the-living',
    file: 'src/module/oidc-provider/record-statements.ts',
    replace: "OR r.epoch = ? OR ${isLive('r')} THEN 0",
    with: 'OR r.epoch = ? THEN 0',
    kills: everybody('the sweep reads all records in small parts, and ends and counts only what is dead'),
  },
  {
    name: 'sweep-of-everybody-holds-up-users',
    file: 'src/module/revocation/sweep/revocation-sweep.ts',
    replace: "r.realm ${ofEverybody ? '<>' : '='} ''",
    with: "${ofEverybody ? `r.realm <> ''` : '1 = 1'}",
    kills: everybody('the sweep comes to users first'),
  },
];
