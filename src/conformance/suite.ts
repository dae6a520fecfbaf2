import { existsSync, readFileSync } from 'node:fs';

/** Returns the name and the version of this package, from the package.json next to or above this file. */
export function suite(): { name: string; version: string } {
  let file = new URL('package.json', import.meta.url);
  while (!existsSync(file)) file = new URL('../package.json', file);
  const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string };
  return { name, version };
}
