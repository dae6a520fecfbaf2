import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'everybody-but-those-who-sign-in',
    file: 'src/module/database/sql-dialect.ts',
    edits: [
      { replace: "everyRow: { isolation: 'REPEATABLE READ' },", with: 'everyRow: {},' },
      {
        replace:
          "everyRow: { isolation: 'READ COMMITTED', lock: (table) => `LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE` },",
        with: 'everyRow: {},',
      },
    ],
    kills: {
      spec: 'test/module/revocation/raise-epochs.spec.ts',
      test: 'with connections that are READ COMMITTED waits for a first sign-in that is adding its row, and raises it',
    },
    databases: 'all',
  },
  {
    name: 'from-before-for-ever',
    file: 'src/module/revocation/live-epoch.ts',
    replace: 'epoch === FROM_BEFORE ? !own?.wasRevoked && !everybody?.wasRevoked : epoch === own?.epoch',
    with: 'epoch === FROM_BEFORE || epoch === own?.epoch',
    kills: {
      spec: 'test/module/revocation/live-epoch.without-epoch.spec.ts',
      test: 'a revocation that creates the row ends it',
    },
  },
  {
    name: 'record-from-before-for-ever',
    file: 'src/module/revocation/live-epoch.ts',
    replace: ' AND e.previous = 0 THEN',
    with: ' THEN',
    kills: {
      spec: 'test/module/oidc-provider/oidc-record.adapter.from-before.spec.ts',
      test: 'are live, counted and swept with the first revocation',
    },
  },
  {
    name: 'record-from-before-outlives-everybody',
    file: 'src/module/revocation/live-epoch.ts',
    replace: 'THEN ${OF_EVERYBODY} END)',
    with: 'THEN 0 END)',
    kills: {
      spec: 'test/module/oidc-provider/oidc-record.adapter.from-before.spec.ts',
      test: 'raising everybody ends those of all users, with and without a row',
    },
  },
  {
    name: 'sweep-leaves-those-from-before',
    file: 'src/module/oidc-provider/record-sweep.ts',
    replace: 'In([epochBefore, FROM_BEFORE])',
    with: 'In([epochBefore])',
    kills: {
      spec: 'test/module/oidc-provider/oidc-record.adapter.from-before.spec.ts',
      test: 'are live, counted and swept with the first revocation',
    },
  },
  {
    name: 'first-revocation-is-forgotten',
    file: 'src/module/revocation/live-epoch.ts',
    replace: 'PREVIOUS_OF_FIRST = 1',
    with: 'PREVIOUS_OF_FIRST = 0',
    kills: {
      spec: 'test/module/revocation/live-epoch.without-epoch.spec.ts',
      test: 'a revocation that creates the row ends it',
    },
  },
  {
    name: 'everybody-without-a-row',
    file: 'src/module/revocation/subject-epochs.ts',
    replace: 'await this.raise(manager, ALL_SUBJECTS);',
    with: '',
    kills: {
      spec: 'test/module/revocation/live-epoch.without-epoch.spec.ts',
      test: 'raising everybody ends it, of a user without a row too',
    },
  },
  {
    name: 'any-duplicate-is-the-record',
    file: 'src/module/revocation/revocation.service.ts',
    replace: 'error instanceof AlreadyDone',
    with: "(error instanceof AlreadyDone || isDriverError(error, 'duplicateKey'))",
    kills: {
      spec: 'test/module/revocation/revocation-listeners.spec.ts',
      test: 'that violate a unique key fail, and the error is not taken for an earlier record',
    },
  },
  {
    name: 'assertion-not-used-up',
    file: 'src/module/revocation/revocation.service.ts',
    replace: 'if (assertion) await unlessDone(this.assertions.use(manager, assertion, events[0].id));',
    with: 'void assertion;',
    kills: {
      spec: 'test/module/caller/assertion/used-assertions.spec.ts',
      test: 'a repetition with the same body returns the same record and keeps the epoch',
    },
  },
  {
    name: 'assertion-used-outside-transaction',
    file: 'src/module/revocation/revocation.service.ts',
    edits: [
      {
        replace: `let begun: BegunTargets[] = [];
      try {`,
        with: `let begun: BegunTargets[] = [];
      try {
        if (context.assertion) await this.assertions.use(this.dataSource.manager, context.assertion, events[0].id);`,
      },
      {
        replace: 'if (assertion) await unlessDone(this.assertions.use(manager, assertion, events[0].id));',
        with: 'void assertion;',
      },
    ],
    kills: {
      spec: 'test/module/caller/assertion/used-assertions.spec.ts',
      test: 'a failing revocation does not use up the assertion',
    },
  },
  {
    name: 'caller-waits-for-listeners',
    file: 'src/module/revocation/revocation.service.ts',
    replace: 'return events[0].id;',
    with: `await this.listeners.beforeApplicationShutdown();
      return events[0].id;`,
    kills: {
      spec: 'test/module/revocation/revocation-listeners.spec.ts',
      test: 'that hang after COMMIT do not delay the caller',
    },
  },
  {
    name: 'late-commit-not-told',
    file: 'src/module/revocation/revocation.service.ts',
    replace: `        this.listeners.afterCommit(event);
      }
      return events[0].id;
    });`,
    with: `      }
      return events[0].id;
    }).then((id) => {
      for (const event of events) this.listeners.afterCommit(event);
      return id;
    });`,
    kills: {
      spec: 'test/module/revocation/revocation-listeners.spec.ts',
      test: 'run once when COMMIT succeeds after the deadline, and the caller gets 503',
    },
  },
  {
    name: 'listeners-after-the-transaction',
    file: 'src/module/revocation/revocation.service.ts',
    edits: [
      { replace: 'await this.listeners.inTransaction(event, manager);', with: '' },
      {
        replace: 'this.targets.committed(begun[i]);',
        with: `this.targets.committed(begun[i]);
      await this.listeners.inTransaction(event, this.dataSource.manager);`,
      },
    ],
    kills: {
      spec: 'test/module/revocation/revocation-listeners.spec.ts',
      test: 'that throw in the transaction make the revocation fail as unavailable and change nothing',
    },
  },
  {
    name: 'listeners-told-before-the-commit',
    file: 'src/module/revocation/revocation.service.ts',
    edits: [
      { replace: 'this.listeners.afterCommit(event);', with: '' },
      {
        replace: 'all.push(begun);',
        with: `this.listeners.afterCommit(event);
      all.push(begun);`,
      },
    ],
    kills: {
      spec: 'test/module/revocation/revocation-listeners.spec.ts',
      test: 'the connection breaks before every COMMIT',
    },
  },
  {
    name: 'lost-commit-is-an-error',
    file: 'src/module/revocation/revocation.service.ts',
    replace: 'if (recordId === undefined) return event.id;',
    with: 'if (recordId === undefined) return undefined;',
    kills: {
      spec: 'test/module/revocation/revocation.service.lost-commit.spec.ts',
      test: 'the revocation succeeds once when the connection breaks after COMMIT',
    },
  },
  {
    name: 'record-id-made-at-each-try',
    file: 'src/module/revocation/revocation.service.ts',
    replace: 'return this.deadline.run(async (isLate) => {',
    with: `return this.deadline.run(async (isLate) => {
      events = [{ ...events[0], id: randomUUID() }];`,
    kills: {
      spec: 'test/module/revocation/revocation.service.lost-commit.spec.ts',
      test: 'the revocation succeeds once when the connection breaks after COMMIT',
    },
  },
  {
    name: 'replay-is-told',
    file: 'src/module/revocation/revocation.service.ts',
    replace: 'if (doneBy !== events[0].id) return doneBy;',
    with: '',
    kills: {
      spec: 'test/module/revocation/revocation-listeners.spec.ts',
      test: 'run once when the same request with its assertion is repeated',
    },
  },
  {
    name: 'revocation-without-transaction',
    file: 'src/module/revocation/revocation.service.ts',
    replace: 'inTransaction(this.dataSource, (manager) => this.write(manager, events, context))',
    with: 'onPrimary(this.dataSource, (manager) => this.write(manager, events, context))',
    kills: { spec: 'test/module/revocation/revocation.service.spec.ts', test: 'the record cannot be written' },
  },
  {
    name: 'all-epochs-to-the-clock',
    file: 'src/module/revocation/subject-epochs.ts',
    replace: "greatest('gtr_subject_epoch.epoch + 1', now)",
    with: 'now',
    kills: { spec: 'test/cli/epochs.command.spec.ts', test: 'epochs raise-all' },
  },
  {
    name: 'epoch-ignores-clock',
    file: 'src/module/revocation/raise-epochs.ts',
    replace: 'greatest(`${table}.epoch + 1`, now)',
    with: '`${table}.epoch + 1`',
    kills: {
      spec: 'test/module/revocation/subject-epochs.spec.ts',
      test: 'R7: a raise after a restored backup exceeds every value used since',
    },
  },
  {
    name: 'epoch-is-the-clock',
    file: 'src/module/revocation/raise-epochs.ts',
    replace: 'greatest(`${table}.epoch + 1`, now)',
    with: 'now',
    kills: {
      spec: 'test/module/revocation/subject-epochs.spec.ts',
      test: 'R7: 64 simultaneous raises while the database clock lags return consecutive unused values',
    },
  },
  {
    name: 'epoch-read-then-written',
    file: 'src/module/revocation/raise-epochs.ts',
    replace: 'greatest(`${table}.epoch + 1`, now)',
    with: `Math.max(
        Number((await manager.query(\`SELECT epoch FROM \${table} WHERE subject_hash = ?\`, [keys[0]]))[0]?.epoch) + 1 || 0,
        Date.now(),
      )`,
    kills: {
      spec: 'test/module/revocation/subject-epochs.spec.ts',
      test: 'R7: 64 simultaneous raises return 64 distinct higher values, and the highest stays',
    },
    databases: 'all',
  },
  {
    name: 'missing-epoch-is-current',
    file: 'src/module/revocation/subject-epochs.ts',
    replace: 'current !== undefined && String(epoch) === String(current)',
    with: 'String(epoch) === String(current)',
    kills: { spec: 'test/module/revocation/subject-epochs.spec.ts', test: 'the epoch undefined' },
  },
  {
    name: 'epochs-compared-loosely',
    file: 'src/module/revocation/subject-epochs.ts',
    replace: 'String(epoch) === String(current)',
    with: 'parseInt(String(epoch), 10) === current',
    kills: {
      spec: 'test/module/revocation/subject-epochs.spec.ts',
      test: 'an epoch that is off by one or of another user is not current',
    },
  },
];
