import { existsSync, readFileSync } from 'node:fs';

/** Returns name and version of this package, from the nearest package.json. */
export function suite(): { name: string; version: string } {
  let file = new URL('package.json', import.meta.url);
  while (!existsSync(file)) file = new URL('../package.json', file);
  const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string };
  return { name, version };
}
