import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { inject } from 'vitest';

const run = promisify(execFile);

/** The packages that are published, by folder of `src`. */
export const PUBLISHED = ['module', 'conformance', 'cli', 'testing'] as const;
export type Published = (typeof PUBLISHED)[number];

/** What `npm pack` makes of the last build. */
export interface Tarball {
  name: string;
  file: string;
  /** Bytes, compressed and not. */
  size: number;
  unpackedSize: number;
  /** Paths inside of it. */
  paths: string[];
}

interface Packed {
  name: string;
  filename: string;
  size: number;
  unpackedSize: number;
  files: Array<{ path: string }>;
}

/** Packs every published package once for the whole run, as the release does. */
export async function tarballs(): Promise<Record<Published, Tarball>> {
  const folder = join(inject('tempDir'), 'tarballs');
  const list = join(folder, 'list.json');
  const isFirst = await mkdir(folder).then(
    () => true,
    () => false,
  );
  if (isFirst) await writeFile(list, JSON.stringify(await pack(folder)));
  for (;;) {
    const text = await readFile(list, 'utf8').catch(() => '');
    if (text !== '') return JSON.parse(text) as Record<Published, Tarball>;
    await sleep(200);
  }
}

/** In a copy: while it packs, npm's scripts change folders from which other tests load modules. */
async function pack(folder: string): Promise<Record<string, Tarball>> {
  const cwd = join(folder, 'copy');
  const filter = (path: string): boolean => !path.endsWith('node_modules');
  for (const name of PUBLISHED) await cp(`src/${name}`, join(cwd, 'src', name), { recursive: true, filter });
  for (const path of ['README.md', 'CHANGELOG.md', 'SECURITY.md', 'LICENSE', 'package.json']) {
    await cp(path, join(cwd, path));
  }
  for (const path of ['config', 'node_modules']) await symlink(resolve(path), join(cwd, path));
  const workspaces = PUBLISHED.map((name) => `--workspace=src/${name}`);
  const { stdout } = await run('npm', ['pack', '--json', `--pack-destination=${folder}`, ...workspaces], { cwd });
  const packed = Object.values(JSON.parse(stdout) as Record<string, Packed>);
  const tarball = ({ name, filename, size, unpackedSize, files }: Packed): Tarball => ({
    name,
    file: join(folder, filename),
    size,
    unpackedSize,
    paths: files.map(({ path }) => path),
  });
  return Object.fromEntries(PUBLISHED.map((name, index) => [name, tarball(packed[index]!)]));
}
