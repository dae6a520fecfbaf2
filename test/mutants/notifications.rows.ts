import type { Mutant } from './mutant.js';

const deliveries = (test: string): Mutant['kills'] => ({
  spec: 'test/module/notifications/deliveries.spec.ts',
  test,
});

const marked = (test: string): Mutant['kills'] => ({
  spec: 'test/module/notifications/marked-revocations.spec.ts',
  test,
});

export const rows: readonly Mutant[] = [
  {
    name: 'marked-for-nobody',
    file: 'src/module/notifications/outbox.ts',
    replace: 'return this.isUsed ? 1 : null;',
    with: 'return 1;',
    kills: marked('a revocation marks nothing if no sink is configured'),
  },
  {
    name: 'job-begins-before-the-answer',
    file: 'src/module/notifications/outbox.ts',
    replace: 'setImmediate(() => this.alarm.ring())',
    with: 'this.alarm.ring()',
    kills: marked('a revocation returns before the job begins'),
  },
  {
    name: 'not-marked',
    file: 'src/module/notifications/outbox.ts',
    replace: 'return this.isUsed ? 1 : null;',
    with: 'return null;',
    kills: marked('each is moved once with its epochs, and a revocation of everybody without epochs'),
  },
  {
    name: 'mark-removed-before-the-outbox-has-it',
    file: 'src/module/notifications/marked-revocations.ts',
    edits: [
      {
        replace: 'inTransaction(this.dataSource, (manager) => this.take(manager, found), level)',
        with: 'onPrimary(this.dataSource, (manager) => this.take(manager, found)).finally(() => level)',
      },
    ],
    kills: marked('a move that fails leaves the marks, and the next one moves all'),
  },
  {
    name: 'moving-needs-a-log-of-rows',
    file: 'src/module/notifications/marked-revocations.ts',
    replace: "if (isDriverError(error, 'transient')) throw error;",
    with: "if (isDriverError(error, 'transient') || gapless) throw error;",
    kills: marked('a server that logs statements moves the records too'),
    databases: 'all',
  },
  {
    name: 'moving-waits-for-others',
    file: 'src/module/notifications/marked-revocations.ts',
    replace: '= 1${lockFree}`',
    with: "= 1${lockFree && ' FOR UPDATE'}`",
    kills: marked('while some are being moved, revocations do not wait, and the others are moved'),
    databases: 'all',
  },
  {
    name: 'held-records-hold-up-the-others',
    file: 'src/module/notifications/marked-revocations.ts',
    replace: '? 0 : held + BATCH',
    with: '? 0 : held',
    kills: marked('while some are being moved, revocations do not wait, and the others are moved'),
    databases: 'all',
  },
  {
    name: 'marked-counts-as-told',
    file: 'src/module/notifications/deliveries.ts',
    replace: 'WHERE id = ? AND to_notify = 1',
    with: 'WHERE id = ? AND to_notify = 2',
    kills: marked('they count as not told yet'),
  },
  {
    name: 'marked-has-no-age',
    file: 'src/module/notifications/deliveries.ts',
    replace: 'FROM gtr_revocation WHERE to_notify = 1',
    with: 'FROM gtr_revocation WHERE to_notify = 2',
    kills: marked('they count as not told yet'),
  },
  {
    name: 'late-answers-count',
    file: 'src/module/notifications/attempts.ts',
    replace: 'claimed_by = NULL WHERE id = ? AND claimed_by = ?',
    with: "claimed_by = NULL WHERE id = ? AND ? <> ''",
    kills: deliveries('its late answer changes nothing'),
  },
  {
    name: 'one-recipient-takes-all-attempts',
    file: 'src/module/notifications/attempts.ts',
    replace: 'return count <= PER_RECIPIENT;',
    with: 'return count > 0;',
    kills: deliveries('a recipient with many notifications that hang does not hold up the others'),
  },
  {
    name: 'attempts-that-kill-go-on',
    file: 'src/module/notifications/attempts.ts',
    replace: 'if (attempts > ATTEMPTS_MAX) {',
    with: 'if (attempts < 0) {',
    kills: deliveries('attempts whose process died count'),
  },
  {
    name: 'final-failures-are-repeated',
    file: 'src/module/notifications/attempts.ts',
    replace: 'isFinal || attempts >= ATTEMPTS_MAX',
    with: '(isFinal && attempts > 1) || attempts >= ATTEMPTS_MAX',
    kills: deliveries('a final failure is not repeated'),
  },
  {
    name: 'everybody-comes-first',
    file: 'src/module/notifications/leases.ts',
    replace: 'for (const priority of [0, 1])',
    with: 'for (const priority of [1, 0])',
    kills: deliveries('a revocation of everybody waits for those of single users'),
  },
  {
    name: 'hanging-attempts-hold-their-place',
    file: 'src/module/notifications/attempts.ts',
    replace: 'return withinMs(ATTEMPT_MS, `${delivery.sink}.send()`, sent).finally(() => stop.abort());',
    with: 'return withinMs(ATTEMPT_MS * 1000, `${delivery.sink}.send()`, sent).finally(() => stop.abort());',
    kills: deliveries('an attempt that takes too long is aborted and repeated'),
  },
  ...[
    {
      name: 'notifications-to-private-addresses',
      replace: 'allowedHosts = notifications.allowedHosts',
      with: 'allowedHosts = [new URL(url).hostname]',
      test: 'opens no connection to an address that is not public',
    },
    {
      name: 'notifications-over-http',
      replace: 'http: !production',
      with: 'http: true',
      test: 'sends nothing over http in production',
    },
    {
      name: 'wrong-requests-are-repeated',
      replace: 'status < 500 && !TRANSIENT.includes(status)',
      with: 'status < 400 && !TRANSIENT.includes(status)',
      test: 'the status 400 is final',
    },
    {
      name: 'notifications-without-deadline',
      replace: 'AbortSignal.any([signal, own])',
      with: 'own && signal',
      test: 'gives up after 5 s',
    },
  ].map(({ test, ...edit }) => ({
    ...edit,
    file: 'src/module/notifications/notification-post.ts',
    kills: { spec: 'test/module/notifications/notification-post.spec.ts', test },
  })),
];
