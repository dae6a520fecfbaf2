import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'identity-providers-without-restrictions',
    file: 'src/module/caller/assertion/identity-providers.ts',
    replace: `keyId,
      restrictions,`,
    with: 'keyId,',
    kills: {
      spec: 'test/module/subject/caller-restrictions.kinds-of-callers.spec.ts',
      test: 'identity provider: a user of another tenant outside',
    },
  },
  {
    name: 'untyped-for-every-identity-provider',
    file: 'src/module/caller/assertion/identity-providers.ts',
    replace: 'this.find(claims)?.acceptUntyped ?? false',
    with: 'this.find(claims) !== undefined',
    kills: { spec: 'test/module/caller/assertion/identity-providers.spec.ts', test: 'which requires typ' },
  },
  {
    name: 'untyped-without-subject',
    file: 'src/module/options/identity-providers.options.ts',
    replace: '!acceptUntyped || subject !== undefined',
    with: "!acceptUntyped || subject !== ''",
    kills: { spec: 'test/module/options/identity-providers.options.spec.ts', test: 'acceptUntyped without a subject' },
  },
  {
    name: 'identity-provider-of-any-issuer',
    file: 'src/module/caller/assertion/identity-providers.ts',
    replace: '({ issuers }) => iss !== undefined && issuers.includes(iss)',
    with: '(_, i) => i === 0',
    kills: { spec: 'test/module/caller/assertion/identity-providers.spec.ts', test: 'another iss' },
  },
  {
    name: 'identity-provider-without-formats',
    file: 'src/module/options/identity-providers.options.ts',
    replace: "restrictionsTo(['email', 'iss_sub'])",
    with: "restrictionsTo(['email', 'iss_sub', 'uid'])",
    kills: {
      spec: 'test/module/caller/assertion/identity-providers.spec.ts',
      test: 'returns the same bytes for a format that is not allowed as for an unknown user',
    },
  },
];
