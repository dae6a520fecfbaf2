import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const run = promisify(execFile);

describe('npm ci', () => {
  test('prints no warning: every locked package is present and supports this Node version', async () => {
    const { stdout, stderr } = await run('npm', ['ci', '--dry-run', '--ignore-scripts']);
    expect(stderr).toBe('');
    expect(stdout).not.toMatch(/Missing|warn/);
  });

  test('leaves no install script undecided: package.json allows or denies each', async () => {
    const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
      packages: Record<string, { hasInstallScript?: boolean }>;
    };
    const { allowScripts } = JSON.parse(await readFile('package.json', 'utf8')) as { allowScripts: object };
    const withScript = Object.keys(packages).filter((path) => packages[path]!.hasInstallScript);
    expect(withScript.map((path) => path.split('node_modules/').at(-1))).toEqual(Object.keys(allowScripts));
  });
});
