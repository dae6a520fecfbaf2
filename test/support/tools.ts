import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs that tests use where they are installed, each with the names it may have. Node and npm run the rest of the tests. */
const tools = {
  chromium: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
  curl: ['curl'],
  git: ['git'],
  mariadbd: ['mariadbd'],
  openssl: ['openssl'],
  pgbouncer: ['pgbouncer'],
  promtool: ['promtool'],
  'redis-server': ['redis-server'],
  tmux: ['tmux'],
} as const;

type Tool = keyof typeof tools;

/** Where a program is; Debian keeps servers in `sbin` folders, which are not in the `PATH` of every account. */
export function pathOf(tool: Tool): string | undefined {
  if (tool === 'chromium' && process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const all = folders.flatMap((folder) => [folder, folder.replace(/\/bin$/, '/sbin')]);
  return all.flatMap((folder) => tools[tool].map((name) => join(folder, name))).find((file) => existsSync(file));
}

/** Whether this machine has a tool, for `describe.runIf`. In CI it has all, so that tests fail where one is missing. */
export const isInstalled = (tool: Tool): boolean => !!process.env.CI || pathOf(tool) !== undefined;

/** A line for each tool that this machine lacks. */
export const missingTools = (): string[] =>
  (Object.keys(tools) as Tool[])
    .filter((tool) => pathOf(tool) === undefined)
    .map((tool) => `Left out: tests that need ${tool}, which is not installed.`);
