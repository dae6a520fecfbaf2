import type { Mutant } from './mutant.js';

const deliveries = (test: string): Mutant['kills'] => ({
  spec: 'test/module/notifications/deliveries.spec.ts',
  test,
});

export const rows: readonly Mutant[] = [
  {
    name: 'outbox-row-for-nobody',
    file: 'src/module/notifications/outbox.ts',
    replace: 'if (!this.isUsed) return;',
    with: '',
    kills: deliveries('a revocation writes no row if no sink is configured'),
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
