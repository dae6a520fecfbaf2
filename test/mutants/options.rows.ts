import type { Mutant } from './mutant.js';

const spec = 'test/module/options/global-revocation.options.spec.ts';

export const rows: readonly Mutant[] = [
  {
    name: 'options-of-any-name',
    file: 'src/module/options/schema.ts',
    replace: 'v.strictObject(members, ',
    with: 'v.object(members, ',
    kills: { spec, test: 'target: unknown name' },
  },
  {
    name: 'options-never-refused',
    file: 'src/module/options/global-revocation.options.ts',
    replace: 'findings.length > 0',
    with: 'findings.length > 99',
    kills: { spec, test: 'databaseQueue' },
  },
  {
    name: 'options-undefined-are-there',
    file: 'src/module/options/schema.ts',
    replace: 'members.filter(([, value]) => value !== undefined)',
    with: 'members',
    kills: { spec, test: 'may contain undefined under any name at any depth' },
  },
  {
    name: 'options-secret-shown',
    file: 'src/module/options/schema.ts',
    replace: 'v.check<T, string>(holds, `must be ${expected}`)',
    with: 'must<T>(expected, holds)',
    kills: { spec, test: 'do not reveal a secret of the wrong type' },
  },
  {
    name: 'options-method-without-its-instance',
    file: 'src/module/options/schema.ts',
    replace: 'return dataset.value;',
    with: 'return { ...(v.parse(schema, dataset.value) as object) } as v.InferOutput<T>;',
    kills: { spec, test: 'may be an instance whose method uses the instance' },
  },
  {
    name: 'options-default-not-as-documented',
    file: 'src/module/options/database.options.ts',
    replace: 'v.optional(wholeNumber(1), 1000)',
    with: 'v.optional(wholeNumber(1), 1001)',
    kills: { spec: 'test/docs/reference/defaults.spec.ts', test: 'its @default applies when' },
  },
  {
    name: 'options-of-a-factory-unchecked',
    file: 'src/module/global-revocation.module-definition.ts',
    replace: 'async (...injected: unknown[]) => resolve(await provider.useFactory(...injected))',
    with: 'provider.useFactory',
    kills: {
      spec: 'test/module/global-revocation.module-definition.spec.ts',
      test: 'a factory that returns a misspelled option prevents startup',
    },
  },
];
