import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';

const run = promisify(execFile);

/** Without what npm and Vitest tell their children: it leads npm back here. */
const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(VITEST|NODE_ENV|npm_(?!config_(registry|cache|userconfig)))/.test(name),
    ),
  );

/** A project of somebody else, with the packed packages that it names installed. */
export class InstalledHost {
  private constructor(readonly folder: string) {}

  /** Copies a folder of `hosts/` and runs `npm install` in the copy; from npm's cache, as far as it goes. */
  static async install(name: string, tarballs: readonly string[]): Promise<InstalledHost> {
    const host = new InstalledHost(await mkdtemp(join(inject('tempDir'), `${name}-`)));
    const ours = new Set(['node_modules', 'dist']);
    const filter = (path: string): boolean => !ours.has(path.split('/').at(-1)!);
    await cp(join('test/hosts', name), host.folder, { recursive: true, filter });
    const manifest = await readFile(join(host.folder, 'package.json'), 'utf8');
    const named = tarballs.filter((file) => manifest.includes(`"${/([^/]+)-[^-]+\.tgz$/.exec(file)![1]}"`));
    await host.run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', ...named]);
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

/** How many tests passed, in the words of `node:test` or Jest. */
export function passed(output: string): number {
  const [, count] = /^(?:# pass|ℹ pass) (\d+)$/m.exec(output) ?? /^Tests: .*?(\d+) passed/m.exec(output) ?? [];
  return Number(count ?? 0);
}
