import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'any-duplicate-is-the-record',
    file: 'src/module/revocation/revocation.service.ts',
    replace: 'error instanceof AlreadyDone',
    with: "(error instanceof AlreadyDone || isDriverError(error, 'duplicateKey'))",
    kills: { spec: 'test/module/revocation/listeners.spec.ts', test: 'its row meets a unique key' },
  },
  {
    name: 'assertion-not-used-up',
    file: 'src/module/revocation/revocation.service.ts',
    replace: 'if (assertion) await unlessDone(this.assertions.use(manager, assertion, events[0].id));',
    with: 'void assertion;',
    kills: { spec: 'test/module/revocation/used-assertions.spec.ts', test: 'the same with the same body' },
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
    kills: { spec: 'test/module/revocation/used-assertions.spec.ts', test: 'the revocation fails' },
  },
  {
    name: 'caller-waits-for-listeners',
    file: 'src/module/revocation/revocation.service.ts',
    replace: 'return events[0].id;',
    with: `await this.listeners.beforeApplicationShutdown();
      return events[0].id;`,
    kills: { spec: 'test/module/revocation/listeners.spec.ts', test: 'hangs after the COMMIT' },
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
    kills: { spec: 'test/module/revocation/listeners.spec.ts', test: 'the COMMIT succeeds after the deadline' },
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
    kills: { spec: 'test/module/revocation/listeners.spec.ts', test: 'throws in the transaction → unavailable' },
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
    kills: { spec: 'test/module/revocation/listeners.spec.ts', test: 'the connection breaks before every COMMIT' },
  },
  {
    name: 'lost-commit-is-an-error',
    file: 'src/module/revocation/revocation.service.ts',
    replace: 'assertion ? this.assertions.earlierUse(assertion) : id',
    with: 'assertion && this.assertions.earlierUse(assertion)',
    kills: { spec: 'test/module/revocation/lost-commit.spec.ts', test: 'the connection breaks after the COMMIT' },
  },
  {
    name: 'record-id-made-at-each-try',
    file: 'src/module/revocation/revocation.service.ts',
    replace: 'return this.deadline.run(async () => {',
    with: `return this.deadline.run(async () => {
      event = { ...event, id: randomUUID() };`,
    kills: { spec: 'test/module/revocation/lost-commit.spec.ts', test: 'the connection breaks after the COMMIT' },
  },
  {
    name: 'replay-is-told',
    file: 'src/module/revocation/revocation.service.ts',
    replace: 'if (doneBy !== events[0].id) return doneBy;',
    with: '',
    kills: { spec: 'test/module/revocation/listeners.spec.ts', test: 'the same request again with its assertion' },
  },
  {
    name: 'revocation-without-transaction',
    file: 'src/module/revocation/revocation.service.ts',
    replace: 'inTransaction(this.dataSource, (manager) => this.write(manager, events, context))',
    with: 'this.write(this.dataSource.manager, events, context)',
    kills: { spec: 'test/module/revocation/revocation.service.spec.ts', test: 'the record cannot be written' },
  },
  {
    name: 'all-epochs-to-the-clock',
    file: 'src/module/revocation/subject-epochs.ts',
    replace: "greatest('gtr_subject_epoch.epoch + 1', now)",
    with: 'now',
    kills: { spec: 'test/cli/epochs.spec.ts', test: 'epochs raise-all' },
  },
  {
    name: 'epoch-ignores-clock',
    file: 'src/module/revocation/subject-epochs.ts',
    replace: 'greatest(`${table}.epoch + 1`, now)',
    with: '`${table}.epoch + 1`',
    kills: { spec: 'test/module/revocation/epochs.spec.ts', test: 'R7: a row that comes back from a backup' },
  },
  {
    name: 'epoch-is-the-clock',
    file: 'src/module/revocation/subject-epochs.ts',
    replace: 'greatest(`${table}.epoch + 1`, now)',
    with: 'now',
    kills: { spec: 'test/module/revocation/epochs.spec.ts', test: 'R7: 64 raises at once while the clock' },
  },
  {
    name: 'epoch-read-then-written',
    file: 'src/module/revocation/subject-epochs.ts',
    replace: 'greatest(`${table}.epoch + 1`, now)',
    with: `Math.max(
        Number((await manager.query(\`SELECT epoch FROM \${table} WHERE subject_hash = ?\`, [subjectKey(subject)]))[0]?.epoch) + 1 || 0,
        Date.now(),
      )`,
    kills: { spec: 'test/module/revocation/epochs.spec.ts', test: 'R7: 64 raises at once → 64 values' },
    databases: 'all',
  },
  {
    name: 'missing-epoch-is-current',
    file: 'src/module/revocation/subject-epochs.ts',
    replace: 'current !== undefined && String(epoch) === String(current)',
    with: 'String(epoch) === String(current)',
    kills: { spec: 'test/module/revocation/epochs.spec.ts', test: 'the epoch undefined' },
  },
  {
    name: 'epochs-compared-loosely',
    file: 'src/module/revocation/subject-epochs.ts',
    replace: 'String(epoch) === String(current)',
    with: 'parseInt(String(epoch), 10) === current',
    kills: { spec: 'test/module/revocation/epochs.spec.ts', test: 'an epoch almost right' },
  },
];
