import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'recorded-text-as-it-came',
    file: 'src/module/database/recorded-text.ts',
    replace: 'if (text.length <= max) return text;',
    with: 'if (text.length >= 0) return text;',
    kills: { spec: 'test/module/database/recorded-text.spec.ts', test: 'a character of two halves at the end' },
  },
  {
    name: 'error-shows-values',
    file: 'src/module/audit/safe-error.ts',
    replace: "text.replace(QUOTED, `$1 '…'`)",
    with: "text.replace(QUOTED, '$&')",
    kills: { spec: 'test/module/audit/safe-error.spec.ts', test: 'masks the value in the message and the stack:' },
  },
  {
    name: 'identifier-hash-without-key',
    file: 'src/module/audit/identifier-hash.ts',
    replace: "createHmac('sha256', this.key)",
    with: "createHmac('sha256', 'a constant')",
    kills: {
      spec: 'test/module/audit/identifier-hash.spec.ts',
      test: 'needs the key: a dump without the key cannot be searched',
    },
  },
  {
    name: 'change-not-recorded',
    file: 'src/module/audit/operator-changes.ts',
    replace: 'await manager.insert(Change, { id, createdAt: Date.now(), ...said })',
    with: 'void outcome',
    kills: {
      spec: 'test/module/audit/operator-changes.spec.ts',
      test: 'records actor, action, old state and new state of each flag change',
    },
  },
  {
    name: 'change-without-transaction',
    file: 'src/module/audit/operator-changes.ts',
    replace: 'inTransaction(this.dataSource, once, isolation)',
    with: 'once(this.dataSource.manager)',
    kills: { spec: 'test/module/audit/operator-changes.spec.ts', test: 'the record cannot be written' },
  },
  {
    name: 'jti-logged-as-sent',
    file: 'src/module/audit/request-event.ts',
    replace: String.raw`text?.slice(0, 255).replaceAll(/[\p{C}\p{Z}]/gu, '?')`,
    with: 'text',
    kills: {
      spec: 'test/module/audit/request-event.spec.ts',
      test: 'a long jti with line breaks is logged as one printable word',
    },
  },
  {
    name: 'key-name-logged-as-sent',
    file: 'src/module/audit/request-event.ts',
    replace: 'printable(caller?.keyId)',
    with: 'caller?.keyId',
    kills: {
      spec: 'test/module/audit/request-event.spec.ts',
      test: 'control characters are removed from the logged name of a key',
    },
  },
  {
    name: 'request-id-not-checked',
    file: 'src/module/audit/request-context.ts',
    replace: "typeof header === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(header) ? header : undefined",
    with: "typeof header === 'string' ? header : undefined",
    kills: { spec: 'test/module/audit/request-context.spec.ts', test: 'with a line break' },
  },
];
