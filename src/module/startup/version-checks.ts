import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { fatal, type Finding } from './finding.js';

interface Manifest {
  version: string;
  peerDependencies: Readonly<Record<string, string>>;
}

const DRIVERS: Partial<Record<DataSource['options']['type'], string>> = {
  mysql: 'mysql2',
  mariadb: 'mysql2',
  postgres: 'pg',
  'better-sqlite3': 'libsql',
};

/** Reports packages whose versions are not those that the package.json of the module names: with others, every call may fail. */
export function versionFindings({ options, entityMetadatas }: DataSource): Finding[] {
  const isAdapterUsed = entityMetadatas.some(({ tableName }) => tableName === 'gtr_oidc_record');
  const used = ['typeorm', DRIVERS[options.type], ...(isAdapterUsed ? ['oidc-provider'] : [])];
  return Object.entries(manifestOf('nestjs-global-revocation')?.peerDependencies ?? {})
    .filter(([name]) => name.startsWith('@nestjs/') || used.includes(name))
    .flatMap(([name, range]) => {
      const version = manifestOf(name)?.version;
      if (version === undefined || isWithin(version, range)) return [];
      return [fatal('versions', `${name} ${version} is not supported: install ${range}`)];
    });
}

/** Returns whether a version is one of `^1.2.3 || ^2.0.0`. Below 1.0.0, a caret keeps the minor number too. */
export function isWithin(version: string, range: string): boolean {
  const [major, minor, patch] = numbersOf(version);
  return range.split('||').some((part) => {
    const [from, fromMinor, fromPatch] = numbersOf(part);
    if (major !== from || (from === 0 && minor !== fromMinor)) return false;
    return minor > fromMinor || (minor === fromMinor && patch >= fromPatch);
  });
}

const numbersOf = (version: string) =>
  /(\d+)\.(\d+)\.(\d+)/.exec(version)!.slice(1).map(Number) as [major: number, minor: number, patch: number];

/** Of a package as this one finds it; undefined if it is not installed, or all is in one file. */
function manifestOf(name: string): Manifest | undefined {
  const require = createRequire(import.meta.url);
  try {
    // `exports` of a package may leave out its manifest.
    if (name === 'nestjs-global-revocation') return require(`${name}/package.json`) as Manifest;
  } catch {
    return undefined;
  }
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      return require(join(folder, name, 'package.json')) as Manifest;
    } catch {
      // perhaps in the next one
    }
  }
  return undefined;
}
