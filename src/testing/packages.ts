import type { AuthorizationServerOptions } from './options.js';

/** Optional peers that the authorization server is made of. */
const NEEDED = ['@nestjs/platform-express', '@node-rs/argon2', 'oidc-provider'];

/** @throws Error that names the command to install what is missing */
export function refuseMissingPackages({ database = 'sqlite' }: AuthorizationServerOptions): void {
  const driver = database === 'sqlite' ? 'libsql' : 'mysql2';
  const missing = [...NEEDED, driver].filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  throw new Error(
    `startAuthorizationServer needs packages that are not installed: npm install --save-dev ${missing.join(' ')}`,
  );
}

function isInstalled(name: string): boolean {
  try {
    return import.meta.resolve(name) !== '';
  } catch {
    return false;
  }
}
