import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'private-keys-left-out-in-silence',
    file: 'src/module/options/public-keys.options.ts',
    replace: 'v.is(publicKey, key) || isPrivate(key)',
    with: 'v.is(publicKey, key) || (isPrivate(key) && false)',
    kills: { spec: 'test/module/options/public-keys.options.spec.ts', test: 'rejects a private key' },
  },
  {
    name: 'new-key-is-a-wrong-key',
    file: 'src/module/caller/keys/remote-jwks.ts',
    replace: 'await lookAgain();',
    with: '',
    kills: {
      spec: 'test/module/caller/keys/remote-jwks.spec.ts',
      test: 'finds a key published right after the last fetch',
    },
  },
  {
    name: 'query-of-a-key-set-in-the-log',
    file: 'src/module/caller/keys/remote-jwks.ts',
    replace: '${url.origin}${url.pathname}: ',
    with: '${url.href}: ',
    kills: {
      spec: 'test/module/caller/keys/remote-jwks.spec.ts',
      test: 'names the address for the log when the fetch fails, without its query',
    },
  },
  {
    name: 'keys-behind-a-redirect',
    file: 'src/module/caller/keys/guarded-request.ts',
    replace: "response.on('error', reject);",
    with: `response.on('error', reject);
      const { location } = response.headers;
      if (location !== undefined) return void guardedRequest(new URL(location), options).then(resolve, reject);`,
    kills: { spec: 'test/module/caller/keys/remote-jwks.spec.ts', test: 'a redirect (302)' },
  },
  {
    name: 'keys-from-private-addresses',
    file: 'src/module/caller/keys/guarded-request.ts',
    replace: 'allowedHosts.includes(host)',
    with: 'allowedHosts',
    kills: {
      spec: 'test/module/caller/keys/remote-jwks.spec.ts',
      test: 'opens no connection to an address that is not public',
    },
  },
  {
    name: 'keys-of-the-name-not-the-socket',
    file: 'src/module/caller/keys/guarded-request.ts',
    replace: '!isPublicAddress(address)',
    with: 'isIP(host) !== 0 && !isPublicAddress(host)',
    kills: {
      spec: 'test/module/caller/keys/remote-jwks.spec.ts',
      test: 'rejects a name that first resolves to a public address and then to a local one',
    },
  },
  {
    name: 'keys-with-a-password',
    file: 'src/module/caller/keys/guarded-request.ts',
    replace: "url.username !== '' || url.password !== ''",
    with: 'false',
    kills: { spec: 'test/module/caller/keys/remote-jwks.spec.ts', test: 'https://user:password@localhost' },
  },
  {
    name: 'keys-without-size',
    file: 'src/module/caller/keys/guarded-request.ts',
    replace: `if (size > bytesMax) fail(\`the answer is larger than \${bytesMax} bytes\`);
        else chunks.push(chunk);`,
    with: 'chunks.push(chunk);',
    kills: { spec: 'test/module/caller/keys/remote-jwks.spec.ts', test: '10 MB' },
  },
  {
    name: 'keys-tried-without-end',
    file: 'src/module/caller/keys/key-set.ts',
    replace: 'if (tries === TRIES_MAX) break;',
    with: '',
    kills: { spec: 'test/module/caller/keys/key-set.spec.ts', test: 'tries ten keys at most' },
  },
  {
    name: 'named-keys-for-any-kid',
    file: 'src/module/caller/keys/key-set.ts',
    replace: 'all.filter(({ kid }) => kid === undefined)',
    with: 'all',
    kills: { spec: 'test/module/caller/keys/key-set.spec.ts', test: 'rejects a kid that no key has' },
  },
  {
    name: 'mapped-addresses-are-public',
    file: 'src/module/caller/keys/public-address.ts',
    replace: "if (parsed.range() !== 'unicast') return false;",
    with: "if (parsed.range() !== 'unicast') return address.startsWith('::ffff:');",
    kills: { spec: 'test/module/caller/keys/public-address.spec.ts', test: '::ffff:127.0.0.1' },
  },
  {
    name: 'keys-at-each-unknown-kid',
    file: 'src/module/caller/keys/remote-jwks.ts',
    replace: 'performance.now() - begun >= ms',
    with: 'ms > 0',
    kills: { spec: 'test/module/caller/keys/remote-jwks.spec.ts', test: '100 unknown kids' },
  },
  {
    name: 'keys-fetched-after-each-failure',
    file: 'src/module/caller/keys/remote-jwks.ts',
    replace: 'if (failed && performance.now() < failed.at + FAILED_COOLDOWN_MS) throw failed.error;',
    with: 'failed = undefined;',
    kills: { spec: 'test/module/caller/keys/remote-jwks.spec.ts', test: 'a failing key server is unavailable' },
  },
  {
    name: 'keys-as-old-as-the-clock-says',
    file: 'src/module/caller/keys/remote-jwks.ts',
    replace: 'if (performance.now() - fetchedAt > MAX_AGE_MS) await keys.reload();',
    with: '',
    kills: {
      spec: 'test/module/caller/keys/remote-jwks.spec.ts',
      test: 'rejects a withdrawn key after ten minutes at most, even if the clock is set back',
    },
  },
  {
    name: 'keys-without-deadline',
    file: 'src/module/caller/keys/remote-jwks.ts',
    replace: '{ ...this.options, signal }',
    with: '{ ...this.options, signal: signal && new AbortController().signal }',
    kills: {
      spec: 'test/module/caller/keys/remote-jwks.spec.ts',
      test: 'gives up after 5 s when the server drips bytes or never finishes the handshake',
    },
  },
];
