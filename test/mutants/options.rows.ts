import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'options-of-any-name',
    file: 'src/module/options/option-names.ts',
    replace: "unknown && `has no option '${unknown[0].slice(0, 80)}'; it has ${known.join(', ')}`",
    with: 'undefined',
    kills: { spec: 'test/module/startup/option-checks.spec.ts', test: "the module has no option 'target'" },
  },
  {
    name: 'options-never-refused',
    file: 'src/module/startup/option-checks.ts',
    replace: 'problems.length > 0',
    with: 'problems.length > 99',
    kills: { spec: 'test/module/startup/option-checks.spec.ts', test: 'databaseQueue' },
  },
  {
    name: 'options-undefined-are-there',
    file: 'src/module/startup/option-rules.ts',
    replace: 'value[member] !== undefined',
    with: 'Object.hasOwn(value, member)',
    kills: { spec: 'test/module/startup/option-checks.spec.ts', test: 'members that are undefined' },
  },
];
