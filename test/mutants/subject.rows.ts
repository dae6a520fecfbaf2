import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'first-sign-in-unwatched',
    file: 'src/module/subject/first-sign-ins.ts',
    replace: 'users.some((user) => user.subject === subject)',
    with: 'true',
    kills: {
      spec: 'test/module/subject/first-sign-ins.spec.ts',
      test: 'under another case of the account id: warns once',
    },
  },
  {
    name: 'missed-epochs-are-fine',
    file: 'src/module/startup/account-id-checks.ts',
    replace: '!found?.hasSignIns ||',
    with: 'found !== undefined ||',
    kills: {
      spec: 'test/module/subject/first-sign-ins.spec.ts',
      test: 'most revocations of users who never signed in are a finding',
    },
  },
  {
    name: 'rounded-numbers-are-ids',
    file: 'src/module/subject/typeorm-user-directory.ts',
    replace: 'Number.isInteger(value) && !Number.isSafeInteger(value)',
    with: 'Number.isNaN(value)',
    kills: {
      spec: 'test/module/subject/typeorm-user-directory.stored-forms.spec.ts',
      test: 'two ids that are rounded to one number',
    },
  },
  {
    name: 'times-are-whole-seconds',
    file: 'src/module/subject/match-order.ts',
    replace: 'isObject(one[name]) || ',
    with: '',
    kills: { spec: 'test/module/subject/typeorm-user-directory.stored-forms.spec.ts', test: 'within a millisecond' },
    databases: 'all',
  },
  {
    name: 'one-value-hides-the-others',
    file: 'src/module/database/expressible.ts',
    replace: 'if (each.length === 1) return [];',
    with: 'if (each.length >= 1) return [];',
    kills: { spec: 'test/module/startup/charset-checks.spec.ts', test: 'match an address stored with A-labels' },
    databases: 'all',
  },
  {
    name: 'soft-deleted-users-left-out',
    file: 'src/module/database/prepared-find.ts',
    replace: '    withDeleted: true,\n',
    with: '',
    kills: {
      spec: 'test/module/subject/typeorm-user-directory.soft-deleted.spec.ts',
      test: 'a deleted user named by uid',
    },
  },
  {
    name: 'only-the-first-of-the-deleted',
    file: 'src/module/endpoint/global-revocation.controller.ts',
    replace: '...forRecord(context), ...found',
    with: '...forRecord(context), matched: found.matched',
    kills: {
      spec: 'test/module/subject/typeorm-user-directory.soft-deleted.spec.ts',
      test: 'revokes both users when somebody else took the login',
    },
  },
  {
    name: 'some-of-the-deleted-not-read',
    file: 'src/module/subject/user-lookup.service.ts',
    replace: ' || candidates.every(({ isDeleted }) => isDeleted)',
    with: '',
    kills: {
      spec: 'test/module/subject/typeorm-user-directory.soft-deleted.spec.ts',
      test: 'returns 422 and revokes nobody when more users are deleted',
    },
  },
  {
    name: 'formats-of-a-caller-not-limited',
    file: 'src/module/subject/caller-restrictions.ts',
    replace: '(formats?.includes(format) ?? true) && (issuer === undefined || issuers.includes(issuer))',
    with: '(issuer === undefined || issuers.includes(issuer))',
    kills: { spec: 'test/module/subject/caller-restrictions.spec.ts', test: 'formats: a format outside' },
  },
  {
    name: 'issuers-of-a-caller-not-limited',
    file: 'src/module/subject/caller-restrictions.ts',
    replace: '(formats?.includes(format) ?? true) && (issuer === undefined || issuers.includes(issuer))',
    with: '(formats?.includes(format) ?? true)',
    kills: { spec: 'test/module/subject/caller-restrictions.spec.ts', test: 'idp: an account at our issuer' },
  },
  {
    name: 'account-of-any-bytes',
    file: 'src/module/subject/formats/account.ts',
    replace: 'if (textOf(user) === undefined || textOf(host) === undefined) return undefined;',
    with: '',
    kills: { spec: 'test/module/subject/formats/account.spec.ts', test: 'acct:%ff@example.com' },
  },
  {
    name: 'domain-is-mapped',
    file: 'src/module/subject/formats/email.ts',
    replace: 'isUnmapped && isSpeltOut',
    with: 'isUnmapped || !isSpeltOut',
    kills: { spec: 'test/module/subject/formats/email.spec.ts', test: 'invalid addresses' },
  },
  {
    name: 'aliases-may-nest',
    file: 'src/module/subject/formats/aliases.ts',
    replace: "!isObject(entry) || entry['format'] === 'aliases'",
    with: '!isObject(entry)',
    kills: {
      spec: 'test/module/subject/formats/aliases.spec.ts',
      test: 'returns undefined for malformed nested aliases',
    },
  },
  {
    name: 'aliases-may-repeat',
    file: 'src/module/subject/formats/aliases.ts',
    replace: 'isDeepStrictEqual(earlier, entry)',
    with: 'earlier === entry',
    kills: {
      spec: 'test/module/subject/formats/aliases.spec.ts',
      test: 'returns undefined for a duplicate with members in another order',
    },
  },
  {
    name: 'aliases-without-end',
    file: 'src/module/subject/formats/aliases.ts',
    replace: 'const ALIASES_MAX = 10',
    with: 'const ALIASES_MAX = 100',
    kills: { spec: 'test/module/subject/formats/aliases.spec.ts', test: 'eleven' },
  },
  {
    name: 'columns-compared-by-the-database',
    file: 'src/module/subject/typeorm-user-directory.ts',
    replace: '(row) => textOf(row[property])',
    with: '(row) => (textOf(row[property]) === undefined ? undefined : value)',
    kills: { spec: 'test/module/subject/typeorm-user-directory.perturbed.spec.ts', test: 'name with lower case' },
    databases: 'all',
  },
  {
    name: 'conditions-compared-by-the-database',
    file: 'src/module/subject/typeorm-user-directory.ts',
    replace: 'conditions.some((condition) => holds(row, condition)) ? value : undefined',
    with: 'conditions.some((condition) => holds(row, condition)) || row ? value : undefined',
    kills: { spec: 'test/module/subject/user-mappings.spec.ts', test: 'the user part in another case' },
    databases: 'all',
  },
  {
    name: 'order-of-the-collation',
    file: 'src/module/subject/typeorm-user-directory.ts',
    replace: 'return ordered(await expressible(conditions, rowsOf));',
    with: 'void ordered;\n    return expressible(conditions, rowsOf);',
    kills: {
      spec: 'test/module/subject/user-mappings.spec.ts',
      test: 'orderBy login gives the same order on every database',
    },
    databases: 'all',
  },
  {
    name: 'email-case-never-counts',
    file: 'src/module/subject/user-identifier.ts',
    replace: 'rule.canonical(value, emailCase)',
    with: 'rule.canonical(value)',
    kills: { spec: 'test/module/subject/user-mappings.spec.ts', test: 'ALICE@x.org → unknownSubject' },
  },
  {
    name: 'aliases-take-the-first',
    file: 'src/module/subject/user-lookup.service.ts',
    replace: "format === 'aliases' || this.options",
    with: 'this.options',
    kills: { spec: 'test/module/subject/user-mappings.spec.ts', test: 'two users → ambiguousSubject' },
  },
  {
    name: 'deleted-users-keep-their-tokens',
    file: 'src/module/subject/user-lookup.service.ts',
    replace: 'isUnknown && restrictions?.tenant === undefined ? vanished : []',
    with: '(void isUnknown, void vanished, [])',
    kills: {
      spec: 'test/module/subject/user-lookup.service.vanished.spec.ts',
      test: 'is revoked by opaque, and stays so',
    },
  },
  {
    name: 'deleted-users-of-any-tenant',
    file: 'src/module/subject/user-lookup.service.ts',
    replace: 'isUnknown && restrictions?.tenant === undefined',
    with: 'isUnknown',
    kills: {
      spec: 'test/module/subject/user-lookup.service.vanished.spec.ts',
      test: 'by callers whose restrictions allow it',
    },
  },
  {
    name: 'any-identifier-is-the-account-id',
    file: 'src/module/subject/typeorm-user-directory.ts',
    replace: 'mapping === this.source.subject && issuer === identifier.issuer',
    with: 'mapping !== undefined && issuer !== undefined',
    kills: {
      spec: 'test/module/subject/user-lookup.service.vanished.spec.ts',
      test: 'by no other identifier of the same value',
    },
  },
  {
    name: 'candidates-not-compared',
    file: 'src/module/subject/user-lookup.service.ts',
    replace: '({ value, issuer }) => issuer === identifier.issuer && isSameValue(identifier, value)',
    with: '({ issuer }) => issuer === identifier.issuer',
    kills: {
      spec: 'test/module/subject/user-lookup.service.own-directory.spec.ts',
      test: 'finds only equal users for',
    },
  },
  {
    name: 'candidates-of-any-issuer',
    file: 'src/module/subject/user-lookup.service.ts',
    replace: '({ value, issuer }) => issuer === identifier.issuer && isSameValue(identifier, value)',
    with: '({ value }) => isSameValue(identifier, value)',
    kills: {
      spec: 'test/module/subject/user-lookup.service.own-directory.spec.ts',
      test: 'finds only equal users for',
    },
  },
  {
    name: 'restrictions-before-the-look-up',
    file: 'src/module/subject/user-lookup.service.ts',
    edits: [
      {
        replace: `if (restrictions !== UNLIMITED && !mayUse(identifier, restrictions, this.options.issuer))
      return { isUnknown: false, allowed: [] };`,
        with: '',
      },
      {
        replace: 'const { tenant } = restrictions;',
        with: `if (restrictions !== UNLIMITED && !mayUse(identifier, restrictions, this.options.issuer)) return { isUnknown: false, allowed: [] };
    const { tenant } = restrictions;`,
      },
    ],
    kills: { spec: 'test/module/subject/caller-restrictions.spec.ts', test: 'formats: a format outside' },
  },
  {
    name: 'overflow-is-unknown',
    file: 'src/module/subject/user-lookup.service.ts',
    replace: `if (isCutShort && (matches.length === 0 || mustBeAlone || candidates.every(({ isDeleted }) => isDeleted))) {
      throw new RevocationError('notRevocable'); // a match may be among the rows that were not read
    }`,
    with: 'void isCutShort;\n    void mustBeAlone;',
    kills: {
      spec: 'test/module/subject/user-lookup.service.own-directory.spec.ts',
      test: 'is not reported as unknown when the look-up reached its limit without a match',
    },
  },
  {
    name: 'tenant-of-a-caller-not-limited',
    file: 'src/module/subject/user-lookup.service.ts',
    replace: 'mayName(candidate, restrictions)',
    with: 'mayName({ ...candidate, ...range }, restrictions)',
    kills: {
      spec: 'test/module/subject/user-lookup.service.own-directory.spec.ts',
      test: 'for a caller of that tenant',
    },
  },
  {
    name: 'condition-for-everybody',
    file: 'src/module/subject/user-mappings.ts',
    replace: "values.length === 0 || !values.every((value) => typeof value === 'string' && value !== '')",
    with: "!values.every((value) => typeof value === 'string' && value !== '')",
    kills: {
      spec: 'test/module/subject/user-mappings.spec.ts',
      test: 'a condition that is true for everybody → unavailable',
    },
  },
  {
    name: 'unknown-issuer-is-ours',
    file: 'src/module/subject/user-mappings.ts',
    replace: '{ mapping: this.issuers.get(issuer)!, issuer }',
    with: '{ mapping: this.issuers.get(issuer)!, issuer: identifier.issuer! }',
    kills: { spec: 'test/module/subject/user-mappings.spec.ts', test: 'an unknown issuer → unknownSubject' },
  },
  {
    name: 'another-spelling-found-by-chance',
    file: 'src/module/subject/shared-search.ts',
    replace: 'text === undefined || spellings.includes(text)',
    with: "text === undefined || text !== ''",
    kills: {
      spec: 'test/module/subject/shared-search.spec.ts',
      test: 'finds what each finds alone, however similar values, formats and properties are',
    },
  },
  {
    name: 'shared-search-cut-short',
    file: 'src/module/subject/shared-search.ts',
    replace: 'if (rows.length >= limit) throw',
    with: 'if (rows.length > limit) throw',
    kills: {
      spec: 'test/module/subject/shared-search.spec.ts',
      test: 'one with too many candidates changes nothing for the others',
    },
  },
  {
    name: 'rows-of-another-identifier',
    file: 'src/module/subject/shared-search.ts',
    replace: 'byValue.get(identifier.canonical) ?? []',
    with: '[...byValue.values()].flat()',
    kills: {
      spec: 'test/module/subject/shared-search.spec.ts',
      test: 'each finds its own user, or nobody, with one statement',
    },
  },
];
