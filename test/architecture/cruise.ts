import { cruise, type ICruiseResult, type IForbiddenRuleType, type IModule } from 'dependency-cruiser';
import { barrels, levels, pattern, placeOf } from './levels.js';

/** Folders of `src`, each a package. */
const packages = ['module', 'conformance', 'cli', 'testing', 'reference-op'];

const rules: IForbiddenRuleType[] = [
  { name: 'circle', severity: 'error', from: {}, to: { circular: true } },
  { name: 'unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  { name: 'outside src', severity: 'error', from: { path: '^src/' }, to: { path: '^(test|config|dist)/' } },
  ...packages.map((name) => ({
    name: 'into another package',
    severity: 'error' as const,
    from: { path: `^src/${name}/` },
    to: { path: '^src/', pathNot: `^src/${name}/`, dependencyTypes: ['local' as const] },
  })),
  {
    name: 'barrel',
    severity: 'error',
    from: { path: '^src/', pathNot: pattern(barrels.map((file) => file.slice('src/'.length))) },
    to: { dependencyTypes: ['export'] },
  },
  {
    name: 'private path of Nest',
    severity: 'error',
    from: { path: '^src/', pathNot: pattern(['module/http/nest-internals.ts']) },
    to: { path: String.raw`(^|/)node_modules/@nestjs/[^/]+/(?!(dist/)?index\.)` },
  },
  ...levels.slice(0, -1).map((places, level) => ({
    name: 'upwards',
    severity: 'error' as const,
    from: { path: pattern(places) },
    to: { path: pattern(levels.slice(level + 1).flat()) },
  })),
];

/** Everything under `src` of this directory that breaks a rule of the architecture, type imports included. */
export async function violations(baseDir: string): Promise<string[]> {
  const { output } = await cruise(
    ['src'],
    {
      baseDir,
      ruleSet: { forbidden: rules },
      validate: true,
      tsPreCompilationDeps: true,
      doNotFollow: 'node_modules',
      exclude: '(^|/)dist/|^(nestjs-global-revocation|global-token-revocation)',
    },
    {
      extensions: ['.ts', '.tsx', '.cts', '.js'],
      extensionAlias: { '.js': ['.ts', '.tsx', '.js'], '.cjs': ['.cts'] },
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  );
  const { modules, summary } = output as ICruiseResult;
  const own = modules.filter(({ source }) => source.startsWith('src/'));
  return [
    ...summary.violations.map(({ rule, from, to, cycle }) =>
      [`${rule.name}: ${from}`, ...(cycle?.map(({ name }) => name) ?? [to])].join(' -> '),
    ),
    ...own.filter(({ source }) => placeOf(source) === undefined).map(({ source }) => `no level: ${source}`),
    ...circlesOfPlaces(own),
  ];
}

/** Two places of one level that import each other, through whatever files. */
function circlesOfPlaces(modules: IModule[]): string[] {
  const edges = new Map<string, Set<string>>();
  for (const { source, dependencies } of modules) {
    const targets = dependencies.map(({ resolved }) => placeOf(resolved)).filter((place) => place !== undefined);
    const from = placeOf(source) ?? source;
    edges.set(from, new Set([...(edges.get(from) ?? []), ...targets.filter((place) => place !== from)]));
  }
  const reach = (from: string, seen: Set<string>): Set<string> => {
    for (const next of edges.get(from) ?? []) if (!seen.has(next)) reach(next, seen.add(next));
    return seen;
  };
  return [...edges.keys()]
    .filter((place) => reach(place, new Set()).has(place))
    .map((place) => `folders in a circle: ${place}`);
}
