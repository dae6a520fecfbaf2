import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cruise, type ICruiseResult, type IForbiddenRuleType, type IModule } from 'dependency-cruiser';
import { barrels, levels, pattern, placeOf } from './levels.js';

const published = { path: '^src/', pathNot: pattern(['reference-op/']) };

interface Manifest {
  dependencies?: object;
  peerDependencies?: object;
}

/** What is published runs where no devDependency of ours is. */
const undeclared = ({ dependencies, peerDependencies }: Manifest): IForbiddenRuleType => ({
  name: 'not a dependency of the package',
  severity: 'error',
  from: published,
  to: {
    dependencyTypesNot: ['core', 'local'],
    pathNot: `(^|/)node_modules/(${Object.keys({ ...dependencies, ...peerDependencies }).join('|')})/`,
  },
});

const rules: IForbiddenRuleType[] = [
  { name: 'circle', severity: 'error', from: {}, to: { circular: true } },
  { name: 'unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  { name: 'outside src', severity: 'error', from: { path: '^src/' }, to: { path: '^(test|config|dist)/' } },
  {
    name: 'barrel',
    severity: 'error',
    from: { path: '^src/', pathNot: pattern(barrels.map((file) => file.slice('src/'.length))) },
    to: { dependencyTypes: ['export'] },
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
  const manifest = JSON.parse(await readFile(join(baseDir, 'package.json'), 'utf8')) as Manifest;
  const { output } = await cruise(
    ['src'],
    {
      baseDir,
      ruleSet: { forbidden: [...rules, undeclared(manifest)] },
      validate: true,
      tsPreCompilationDeps: true,
      doNotFollow: 'node_modules',
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
