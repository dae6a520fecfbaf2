import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'json-commands-the-terminal',
    file: 'src/cli/cli.command.ts',
    replace: 'jsonLine(answer.json)',
    with: 'JSON.stringify(answer.json)',
    kills: { spec: 'test/cli/revoke.command.spec.ts', test: 'control characters in a reason are shown without effect' },
  },
  {
    name: 'doctor-without-the-issuer',
    file: 'src/cli/doctor.ts',
    replace: "issuer: 'tables',",
    with: "issuer: 'none' as 'tables',",
    kills: { spec: 'test/cli/issuer.command.spec.ts', test: 'doctor names the issuer that the tables belong to' },
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
    kills: {
      spec: 'test/cli/clients.command.spec.ts',
      test: 'add creates a client that can revoke at once, with a secret of 256 bits stored as a hash only',
    },
  },
  {
    name: 'client-secret-of-128-bits',
    file: 'src/cli/client-administration.ts',
    replace: 'randomBytes(32).toString',
    with: 'randomBytes(16).toString',
    kills: {
      spec: 'test/cli/clients.command.spec.ts',
      test: 'add creates a client that can revoke at once, with a secret of 256 bits stored as a hash only',
    },
  },
  {
    name: 'rotation-ends-the-old-secret',
    file: 'src/cli/client-administration.ts',
    replace: 'previousSecretHash: before.secretHash',
    with: 'previousSecretHash: null',
    kills: {
      spec: 'test/cli/clients.command.spec.ts',
      test: 'rotate-secret keeps both secrets valid, and --finish only the new one',
    },
  },
  {
    name: 'everybody-without-yes',
    file: 'src/cli/epochs.command.ts',
    replace: `protected async answer(_args: string[], { yes }: RaiseAllOptions): Promise<Answer> {
    if (!yes) throw new CommandFailure('usage', 'this signs everybody out, everywhere: add --yes');`,
    with: 'protected async answer(): Promise<Answer> {',
    kills: { spec: 'test/cli/epochs.command.spec.ts', test: 'restored' },
  },
  {
    name: 'revoke-everybody-without-yes',
    file: 'src/cli/revoke.command.ts',
    replace: "if (!yes && !ask) throw new CommandFailure('usage', `${danger}: add --yes`);",
    with: 'if (!ask) return true;',
    kills: { spec: 'test/cli/revoke.command.everybody.spec.ts', test: 'without --yes and without a terminal' },
  },
  {
    name: 'y-revokes-everybody',
    file: 'src/cli/ask.ts',
    replace: 'word === undefined ? /^\\s*y(es)?\\s*$/i.test(answer) : answer.trim() === word',
    with: '/^\\s*(y(es)?|everybody)\\s*$/i.test(answer)',
    kills: { spec: 'test/cli/ask.spec.ts', test: 'asks for a word before it revokes everybody' },
  },
  {
    name: 'revokes-although-the-answer-is-no',
    file: 'src/cli/revoke.command.ts',
    replace: '!(await this.isMeant(named, ask))',
    with: '((await this.isMeant(named, ask)), false)',
    kills: { spec: 'test/cli/ask.spec.ts', test: 'revokes nothing' },
  },
  {
    name: 'first-of-several-records',
    file: 'src/cli/record-ids.ts',
    replace: 'if (!another) return only;',
    with: 'return only;',
    kills: {
      spec: 'test/cli/revoke.command.spec.ts',
      test: 'a unique prefix of an ID selects its record, and an ambiguous one exits with 4',
    },
  },
  {
    name: 'cli-refuses-what-it-mends',
    file: 'src/cli/host-app.ts',
    replace: "useValue: 'off'",
    with: "useValue: 'refuse'",
    kills: {
      spec: 'test/cli/main.spec.ts',
      test: 'migrate runs pending migrations although the application would not start',
    },
  },
  {
    name: 'secret-that-nobody-sees',
    file: 'src/cli/rotate-secret.command.ts',
    replace: 'this.refuseUnheard();',
    with: '',
    kills: { spec: 'test/cli/run-cli.spec.ts', test: 'creates no secret that would go to' },
  },
  {
    name: 'keys-of-another-server',
    file: 'src/cli/signing-keys.ts',
    replace: '(_, i) => !known.has(thumbprints[i]!)',
    with: '(id) => !published.some(({ kid }) => kid === id)',
    kills: {
      spec: 'test/cli/doctor.spec.ts',
      test: 'reports unpublished keys with a remedy when another key has a known ID',
    },
  },
  {
    name: 'tui-any-answer-is-yes',
    file: 'src/cli/tui/question.tsx',
    replace: `defaultChoice="cancel"
        submitOnEnter={false}`,
    with: '',
    kills: {
      spec: 'test/cli/tui/app.spec.ts',
      test: 'n keeps a flag, y switches it, and endpoint and discovery follow within a second',
    },
  },
  {
    name: 'tui-hidden-question-is-answered',
    file: 'src/cli/tui/use-keys.ts',
    replace: 'isActive && isShown',
    with: 'isActive || isShown',
    kills: {
      spec: 'test/cli/tui/app.spec.ts',
      test: 'naming a user shows what would end, n ends nothing, y revokes with a record',
    },
  },
  {
    name: 'tui-keys-act-behind-the-help',
    file: 'src/cli/tui/use-keys.ts',
    replace: 'isShown && !isHelp',
    with: '(isShown || isHelp)',
    kills: { spec: 'test/cli/tui/use-list.spec.ts', test: 'names every key' },
  },
  {
    name: 'tui-typing-a-filter-acts',
    file: 'src/cli/tui/use-list.tsx',
    replace: 'isFree: isActive && !isTyping',
    with: 'isFree: isActive',
    kills: { spec: 'test/cli/tui/use-list.spec.ts', test: 'letters of a filter' },
  },
  {
    name: 'tui-registers-callers-without-asking',
    file: 'src/cli/tui/views/add-caller.tsx',
    replace: 'setDraft(await act(() => newClient(values, users)))',
    with: 'await act(async () => register(await newClient(values, users)))',
    kills: { spec: 'test/cli/tui/views/add-caller.spec.ts', test: 'register nothing' },
  },
  {
    name: 'tui-changes-callers-without-asking',
    file: 'src/cli/tui/views/callers.tsx',
    replace: 'if (action) ask(action);',
    with: 'if (action) void answer(action);',
    kills: {
      spec: 'test/cli/tui/app.spec.ts',
      test: 'a caller can be disabled, and get a second secret that is shown once and replaces the first',
    },
  },
  {
    name: 'tui-switches-without-asking',
    file: 'src/cli/tui/views/flags.tsx',
    replace: 'ask(list.row)',
    with: 'void toggle(list.row!)',
    kills: {
      spec: 'test/cli/tui/app.spec.ts',
      test: 'n keeps a flag, y switches it, and endpoint and discovery follow within a second',
    },
  },
  {
    name: 'tui-revokes-without-asking',
    file: 'src/cli/tui/views/revoke.tsx',
    replace: 'setPreview(found)',
    with: 'if (found) await revoke(found)',
    kills: {
      spec: 'test/cli/tui/app.spec.ts',
      test: 'naming a user shows what would end, n ends nothing, y revokes with a record',
    },
  },
  {
    name: 'list-revoked-although-lines-are-invalid',
    file: 'src/cli/bulk/list-of-users.ts',
    replace: 'if (invalid.length > 0) {',
    with: 'if (invalid.length > 1e9) {',
    kills: {
      spec: 'test/cli/bulk/bulk.revoke-from.spec.ts',
      test: 'names the lines that are invalid, exits with 2 and revokes nobody',
    },
  },
  {
    name: 'run-goes-on-with-other-records',
    file: 'src/cli/bulk/bulk-run.ts',
    replace: 'JSON.stringify([run, line, subId])',
    with: 'JSON.stringify([run, line, subId, Math.random()])',
    kills: {
      spec: 'test/cli/bulk/bulk.revoke-from.spec.ts',
      test: 'with the same run, only that line is tried again',
    },
  },
  {
    name: 'record-of-a-line-whoever-it-names',
    file: 'src/cli/bulk/bulk-run.ts',
    replace: 'JSON.stringify([run, line, subId])',
    with: 'JSON.stringify([run, line])',
    kills: {
      spec: 'test/cli/bulk/bulk.revoke-from.spec.ts',
      test: 'users whose line is new or has moved are revoked',
    },
  },
  {
    name: 'results-for-everybody',
    file: 'src/cli/bulk/result-file.ts',
    replace: 'file.chmod(0o600)',
    with: 'file.chmod(0o644)',
    kills: {
      spec: 'test/cli/bulk/bulk.revoke-from.spec.ts',
      test: 'which only its owner may read',
    },
  },
  {
    name: 'list-at-full-speed',
    file: 'src/cli/bulk/pacer.ts',
    replace: 'if (at > now) await',
    with: 'if (at > Infinity) await',
    kills: {
      spec: 'test/cli/bulk/bulk.revoke-from.spec.ts',
      test: 'rate limits the users per second',
    },
  },
  {
    name: 'another-run-begins-without-a-word',
    file: 'src/cli/bulk/bulk-run.ts',
    replace: 'if (earlier.length > 0) return',
    with: 'if (earlier.length >= 0) return',
    kills: {
      spec: 'test/cli/bulk/bulk.revoke-from.spec.ts',
      test: 'a run that revoked nobody of the list exits with 3 and revokes nobody',
    },
  },
];
