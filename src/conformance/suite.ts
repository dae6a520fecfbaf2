import { existsSync, readFileSync } from 'node:fs';

/** Name and version of this package, according to the package.json above this file. */
export function suite(): { name: string; version: string } {
  let file = new URL('package.json', import.meta.url);
  while (!existsSync(file)) file = new URL('../package.json', file);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return { name: 'global-token-revocation-conformance', version };
}
