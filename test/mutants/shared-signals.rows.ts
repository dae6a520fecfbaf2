import type { Mutant } from './mutant.js';

const row = (
  spec: 'shared-signals.push' | 'management-api',
  name: string,
  file: string,
  edit: [string, string],
  test: string,
): Mutant => ({
  name,
  file: `src/module/shared-signals/${file}.ts`,
  replace: edit[0],
  with: edit[1],
  kills: { spec: `test/module/shared-signals/${spec}.spec.ts`, test },
});

export const rows: readonly Mutant[] = [
  row(
    'management-api',
    'streams-of-others-are-open',
    'management-call',
    ['stream?.receiverHash !== sha256Hex(receiver.id)', '!stream || receiver.id === ""'],
    'of others do not exist',
  ),
  row(
    'management-api',
    'readers-manage-streams',
    'receiver',
    ["access === 'manage' ? ({ scopes }: Caller) => mayManage(scopes) : mayRead", 'mayRead'],
    'a token that may only read creates no stream',
  ),
  row(
    'management-api',
    'readers-see-secrets',
    'configuration-endpoint',
    ["[query.get('stream_id'), mayManage(receiver.scopes)]", "[query.get('stream_id'), receiver.id !== '']"],
    'the secret of a push stream is stored sealed, and only its manager reads it',
  ),
  row(
    'management-api',
    'signals-while-switched-off',
    'management-api',
    ["if (await this.flags.isEnabled('SHARED_SIGNALS')) return", 'return'],
    'and everything else is missing while the feature flag is off',
  ),
  row(
    'management-api',
    'unknown-subjects-are-told',
    'subject-endpoints',
    ['!(error instanceof RevocationError) || error.status >= 500', 'error'],
    'nobody learns who has an account',
  ),
  row(
    'management-api',
    'locks-end-with-the-stream',
    'streams',
    ['if (isLocked === 1) await', 'if (isLocked > 1) await'],
    'a lock outlives the stream',
  ),
  row(
    'shared-signals.push',
    'pushes-to-hosts-of-other-sinks',
    'shared-signals',
    ['const { pushHosts = [] }', "const { pushHosts = ['localhost'] }"],
    'only hosts of the receiver may be non-public',
  ),
  row(
    'shared-signals.push',
    'receivers-hear-of-themselves',
    'receiver-users',
    ["if (record?.actor === receiver && record.format !== '')", "if (record?.actor === '')"],
    'a receiver that revokes is not told about it',
  ),
  row(
    'shared-signals.push',
    'disabled-clients-are-told',
    'receiver-users',
    ['this.clients.findEnabled(receiver)', 'this.clients.find(receiver)'],
    'a disabled client is not told',
  ),
  {
    name: 'operators-lock-that-receivers-lift',
    file: 'src/module/shared-signals/operator-streams.ts',
    replace: "const isLocked = status === 'enabled' ? 0 : 1;",
    with: 'const isLocked = 0;',
    kills: {
      spec: 'test/module/shared-signals/shared-signals.push.spec.ts',
      test: 'a paused stream says so and holds its events, and its receiver cannot resume it',
    },
  },
  {
    name: 'lock-that-deleting-lifts',
    file: 'src/module/shared-signals/operator-streams.ts',
    replace: 'before.receiverHash !== null && before.isLocked === 1',
    with: 'before.receiverHash === null',
    kills: {
      spec: 'test/module/shared-signals/shared-signals.push.spec.ts',
      test: 'a locked stream that its operator deletes stays locked',
    },
  },
  {
    name: 'operators-enable-what-its-receiver-disabled',
    file: 'src/module/shared-signals/operator-streams.ts',
    replace: "before.status === 'disabled' && before.isLocked === 0 && status !== 'disabled'",
    with: "before.status === 'disabled' && id === ''",
    kills: {
      spec: 'test/module/shared-signals/shared-signals.push.spec.ts',
      test: 'an operator can neither resume nor pause a stream that its receiver has disabled',
    },
  },
  {
    name: 'operators-push-anywhere',
    file: 'src/module/shared-signals/operator-streams.ts',
    replace: '!isPushUrl(url, { http: !this.options.production, hosts })',
    with: "url === ''",
    kills: {
      spec: 'test/module/shared-signals/shared-signals.push.spec.ts',
      test: '{"url":"https://other.example.com"} is refused',
    },
  },
];
