import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import type { Tarball } from '../package/pack.js';

const run = promisify(execFile);

/** Without what npm and Vitest tell their children: it leads npm back here. */
export const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(VITEST|NODE_ENV|npm_(?!config_(registry|cache|userconfig)))/.test(name),
    ),
  );

/** A project of somebody else, with the packed packages that it names installed. */
export class InstalledHost {
  private constructor(readonly folder: string) {}

  /** Copies a folder and runs `npm install` in the copy, from npm's cache as far as it goes. Our packages are the tarballs. */
  static async install(from: string, tarballs: readonly Tarball[]): Promise<InstalledHost> {
    const host = new InstalledHost(await mkdtemp(join(inject('tempDir'), `${basename(from)}-`)));
    const ours = new Set(['node_modules', 'dist']);
    const filter = (path: string): boolean => !ours.has(path.split('/').at(-1)!);
    await cp(from, host.folder, { recursive: true, filter });
    await host.write('package.json', withTarballs(await readFile(join(host.folder, 'package.json'), 'utf8'), tarballs));
    await host.run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']);
    return host;
  }

  /** Another project without anything installed but links to these folders. */
  static async linked(name: string, links: Record<string, string>): Promise<InstalledHost> {
    const host = new InstalledHost(await mkdtemp(join(inject('tempDir'), `${name}-`)));
    await mkdir(join(host.folder, 'node_modules'));
    for (const [to, from] of Object.entries(links)) await symlink(from, join(host.folder, 'node_modules', to));
    await host.write('package.json', '{ "type": "module" }');
    return host;
  }

  /** A folder that has everything already. */
  static at(folder: string): InstalledHost {
    return new InstalledHost(folder);
  }

  read(path: string): Promise<string> {
    return readFile(join(this.folder, path), 'utf8');
  }

  write(path: string, text: string): Promise<void> {
    return writeFile(join(this.folder, path), text);
  }

  /** @returns everything it printed. @throws Error with that, when it fails */
  async run(command: string, args: string[], env: Record<string, string> = {}): Promise<string> {
    const options = { cwd: this.folder, env: { ...environment(), ...env }, maxBuffer: 2 ** 26 };
    try {
      const { stdout, stderr } = await run(command, args, options);
      return stdout + stderr;
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
    }
  }
}

/** The manifest with our packages, also those that others of ours need, as files. */
function withTarballs(manifest: string, tarballs: readonly Tarball[]): string {
  const overrides = Object.fromEntries(tarballs.map(({ name, file }) => [name, `file:${file}`]));
  const named = (versions: Record<string, string> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(versions).map(([name, version]) => [name, overrides[name] ?? version]));
  const { dependencies, devDependencies, ...rest } = JSON.parse(manifest) as Record<string, Record<string, string>>;
  const isNamed = (name: string): boolean => name in { ...dependencies, ...devDependencies };
  return JSON.stringify({
    ...rest,
    dependencies: named(dependencies),
    devDependencies: named(devDependencies),
    overrides: Object.fromEntries(Object.entries(overrides).filter(([name]) => !isNamed(name))),
  });
}

/** How many tests passed, in the words of `node:test` or Jest. */
export function passed(output: string): number {
  const [, count] = /^(?:# pass|ℹ pass) (\d+)$/m.exec(output) ?? /^Tests: .*?(\d+) passed/m.exec(output) ?? [];
  return Number(count ?? 0);
}
