import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'json-commands-the-terminal',
    file: 'src/cli/cli.command.ts',
    replace: 'jsonLine(answer.json)',
    with: 'JSON.stringify(answer.json)',
    kills: { spec: 'test/cli/revoke.spec.ts', test: 'a reason that would command' },
  },
  {
    name: 'client-secret-in-the-record',
    file: 'src/cli/client-administration.ts',
    edits: [
      {
        replace: "const newSecret = (): string => randomBytes(32).toString('base64url')",
        with: `let lastSecret = '';
const newSecret = (): string => (lastSecret = randomBytes(32).toString('base64url'))`,
      },
      { replace: 'clientInWords(after)', with: '`${clientInWords(after)} ${lastSecret}`' },
    ],
    kills: { spec: 'test/cli/clients.spec.ts', test: 'that no column holds' },
  },
  {
    name: 'client-secret-of-128-bits',
    file: 'src/cli/client-administration.ts',
    replace: 'randomBytes(32).toString',
    with: 'randomBytes(16).toString',
    kills: { spec: 'test/cli/clients.spec.ts', test: 'that no column holds' },
  },
  {
    name: 'rotation-ends-the-old-secret',
    file: 'src/cli/client-administration.ts',
    replace: 'previousSecretHash: before.secretHash',
    with: 'previousSecretHash: null',
    kills: { spec: 'test/cli/clients.spec.ts', test: 'both secrets count' },
  },
  {
    name: 'everybody-without-yes',
    file: 'src/cli/epochs.command.ts',
    replace: `protected async answer(_args: string[], { yes }: RaiseAllOptions): Promise<Answer> {
    if (!yes) throw new CommandFailure('usage', 'this signs everybody out, everywhere: say --yes as well');`,
    with: 'protected async answer(): Promise<Answer> {',
    kills: { spec: 'test/cli/epochs.spec.ts', test: 'restored' },
  },
  {
    name: 'revokes-although-the-answer-is-no',
    file: 'src/cli/revoke.command.ts',
    replace: '!(await this.isMeant(named, ask))',
    with: '((await this.isMeant(named, ask)), false)',
    kills: { spec: 'test/cli/confirm.spec.ts', test: 'nothing is revoked' },
  },
  {
    name: 'first-of-several-records',
    file: 'src/cli/record-ids.ts',
    replace: 'if (!another) return only;',
    with: 'return only;',
    kills: { spec: 'test/cli/revoke.spec.ts', test: 'of several' },
  },
  {
    name: 'cli-refuses-what-it-mends',
    file: 'src/cli/host-app.ts',
    replace: "useValue: 'off'",
    with: "useValue: 'refuse'",
    kills: { spec: 'test/cli/published.spec.ts', test: 'the command runs them' },
  },
  {
    name: 'records-of-another-name',
    file: 'src/cli/record-conditions.ts',
    replace: 'And(Equal(actor), sameBytes(dataSource, actor))',
    with: 'Equal(actor)',
    kills: { spec: 'test/cli/revoke.spec.ts', test: 'in exactly this name' },
    databases: 'all',
  },
  {
    name: 'secret-that-nobody-sees',
    file: 'src/cli/rotate-secret.command.ts',
    replace: 'this.refuseUnheard();',
    with: '',
    kills: { spec: 'test/cli/process.spec.ts', test: 'and none is made' },
  },
  {
    name: 'keys-of-another-server',
    file: 'src/cli/signing-keys.ts',
    replace: '(_, i) => !known.has(thumbprints[i]!)',
    with: '(id) => !published.some(({ kid }) => kid === id)',
    kills: { spec: 'test/cli/doctor.spec.ts', test: 'keys that the server does not have' },
  },
  {
    name: 'tui-any-answer-is-yes',
    file: 'src/cli/tui/question.tsx',
    replace: `defaultChoice="cancel"
        submitOnEnter={false}`,
    with: '',
    kills: { spec: 'test/cli/tui.spec.ts', test: 'a flag, n' },
  },
  {
    name: 'tui-hidden-question-is-answered',
    file: 'src/cli/tui/use-keys.ts',
    replace: 'isActive && isShown',
    with: 'isActive || isShown',
    kills: { spec: 'test/cli/tui.spec.ts', test: 'a user is named' },
  },
  {
    name: 'tui-changes-callers-without-asking',
    file: 'src/cli/tui/views/callers.tsx',
    replace: 'if (action) ask(action);',
    with: 'if (action) void answer(action);',
    kills: { spec: 'test/cli/tui.spec.ts', test: 'a caller: disabled' },
  },
  {
    name: 'tui-switches-without-asking',
    file: 'src/cli/tui/views/flags.tsx',
    replace: 'ask(states[chosen])',
    with: 'void toggle(states[chosen]!)',
    kills: { spec: 'test/cli/tui.spec.ts', test: 'a flag, n' },
  },
  {
    name: 'tui-revokes-without-asking',
    file: 'src/cli/tui/views/revoke.tsx',
    replace: 'setPreview(found)',
    with: 'if (found) await revoke(found)',
    kills: { spec: 'test/cli/tui.spec.ts', test: 'a user is named' },
  },
];
