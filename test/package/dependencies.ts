import { readFile } from 'node:fs/promises';

/** A package as `package-lock.json` describes it. */
interface Locked {
  version?: string;
  hasInstallScript?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };

/** Where Node finds `name` from a package at `path`; undefined for one that was not installed, e.g. of another platform. */
function resolve(name: string, path: string): string | undefined {
  for (let at = path; ; at = at.slice(0, Math.max(at.lastIndexOf('/node_modules/'), 0))) {
    const candidate = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (packages[candidate]) return candidate;
    if (at === '') return undefined;
  }
}

/** Peers that npm installs by itself. */
export const requiredPeers = ({ peerDependencies = {}, peerDependenciesMeta = {} }: Locked): string[] =>
  Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);

/** Everything that is installed with these packages: paths of the lock file. */
export function installedWith(names: readonly string[]): Set<string> {
  const found = new Set<string>();
  const add = (name: string, from: string): void => {
    const path = resolve(name, from);
    if (path === undefined || found.has(path)) return;
    found.add(path);
    const locked = packages[path]!;
    const needed = { ...locked.dependencies, ...locked.optionalDependencies };
    for (const each of [...Object.keys(needed), ...requiredPeers(locked)]) add(each, path);
  };
  for (const name of names) add(name, '');
  return found;
}

/** A package of this workspace, by its folder. */
export const lockedAt = (folder: string): Locked => packages[folder]!;

/** Which of these run a script when they are installed. */
export const withInstallScript = (paths: Iterable<string>): string[] =>
  [...paths].filter((path) => packages[path]?.hasInstallScript);
