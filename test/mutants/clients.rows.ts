import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'client-id-logged-as-sent',
    file: 'src/module/caller/basic/basic.strategy.ts',
    replace: '{ method: METHOD }',
    with: '{ id: halves[0], method: METHOD }',
    kills: {
      spec: 'test/module/caller/caller.indistinguishable.spec.ts',
      test: 'an unknown client: logs the reason, and the client if it is registered',
    },
  },
  {
    name: 'secret-of-a-client-that-signs',
    file: 'src/module/caller/basic/basic.strategy.ts',
    replace: "metadata['token_endpoint_auth_method'] ?? METHOD",
    with: 'METHOD',
    kills: {
      spec: 'test/module/caller/assertion/client-assertion.strategy.spec.ts',
      test: 'returns 401 when a client registered for private_key_jwt sends a secret',
    },
  },
  {
    name: 'strategy-shared-by-applications',
    file: 'src/module/caller/basic/basic.strategy.ts',
    replace: '`global-revocation-basic-${randomUUID()}`',
    with: '`global-revocation-basic-${typeof randomUUID}`',
    kills: {
      spec: 'test/module/caller/basic/basic.strategy.one-process.spec.ts',
      test: 'applications with the same client ID accept only their own secrets',
    },
  },
  {
    name: 'secret-compared-with-equals',
    file: 'src/module/database/digest.ts',
    replace: 'timingSafeEqual(Buffer.from(sha256Hex(one)), Buffer.from(sha256Hex(other)))',
    with: 'one === other',
    kills: {
      spec: 'test/module/oidc-provider/client.adapter.secrets.spec.ts',
      test: 'the endpoint makes two constant-time comparisons of hashes for the right secret',
    },
  },
  {
    name: 'unknown-client-not-compared',
    file: 'src/module/caller/basic/client-secret.ts',
    replace: 'const isHash = /^[0-9a-f]{64}$/.test(hash);',
    with: `const isHash = /^[0-9a-f]{64}$/.test(hash);
    if (!isHash) continue;`,
    kills: {
      spec: 'test/module/oidc-provider/client.adapter.secrets.spec.ts',
      test: 'the endpoint makes two constant-time comparisons of hashes for an unknown client',
    },
  },
  {
    name: 'unreadable-restrictions-are-none',
    file: 'src/module/options/caller-restrictions.options.ts',
    replace: 'findings.length > 0',
    with: 'findings.length > 99',
    kills: {
      spec: 'test/module/caller/clients/clients.rotation.spec.ts',
      test: 'returns 503 when the restrictions cannot be read',
    },
  },
  {
    name: 'previous-secret-never-expires',
    file: 'src/module/caller/clients/typeorm-client-registry.ts',
    replace: 'expiresAt > Date.now()',
    with: 'expiresAt > 0',
    kills: {
      spec: 'test/module/caller/clients/clients.rotation.spec.ts',
      test: 'accepts the previous secret until it expires, and the newest one afterwards',
    },
  },
  {
    name: 'disabled-client-shows-its-secret',
    file: 'src/module/caller/clients/client-registry.ts',
    replace: 'if (client?.enabled && hash)',
    with: 'if (client && hash)',
    kills: {
      spec: 'test/module/caller/caller.indistinguishable.spec.ts',
      test: 'a disabled client: logs the reason, and the client if it is registered',
    },
  },
  {
    name: 'disabled-client-sends-a-token',
    file: 'src/module/caller/clients/client-registry.ts',
    replace: 'client?.enabled ? client : undefined',
    with: 'client',
    kills: {
      spec: 'test/module/caller/access-token/jwt-access-tokens.spec.ts',
      test: 'returns 401 on the next request after the client is disabled',
    },
  },
];
