import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What `npm pack` makes of the last build. */
export interface Tarball {
  file: string;
  /** Bytes, compressed and not. */
  size: number;
  unpackedSize: number;
  /** Paths inside of it. */
  paths: string[];
}

interface Packed {
  filename: string;
  size: number;
  unpackedSize: number;
  files: Array<{ path: string }>;
}

/** Packs a copy, and does there what `prepack` does without it: that empties `dist`, which other tests run from. */
export async function pack(folder: string): Promise<Tarball> {
  const copy = await mkdtemp(join(folder, 'copy-'));
  for (const path of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md', 'config', 'test']) {
    await cp(path, join(copy, path), { recursive: true });
  }
  await cp('dist', join(copy, 'dist'), { recursive: true, filter: isOfThisBuild });
  await run('npm', ['run', '--silent', 'uncommented', '--', '--outDir', join(copy, 'dist')]);
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', `--pack-destination=${folder}`], {
    cwd: copy,
  });
  const [packed] = JSON.parse(stdout) as [Packed];
  const { filename, size, unpackedSize, files } = packed;
  return { file: join(folder, filename), size, unpackedSize, paths: files.map(({ path }) => path) };
}

/** The build is incremental: what a removed source once became is still there. */
function isOfThisBuild(path: string): boolean {
  const source = join('src', relative('dist', path));
  return (
    ['ts', 'tsx'].some((ending) => existsSync(source.replace(/(\.d)?\.(c?)[jt]s$/, `.$2${ending}`))) ||
    existsSync(source)
  );
}
