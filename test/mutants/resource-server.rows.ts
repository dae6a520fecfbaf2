import type { Mutant } from './mutant.js';

const VERIFIER = 'test/module/resource-server/access-token-verifier.spec.ts';
const SOCKET = 'test/e2e/web-socket.spec.ts';
const LIST = 'test/module/resource-server/status-list.spec.ts';

export const rows: readonly Mutant[] = [
  {
    name: 'status-list-of-another-address',
    file: 'src/module/resource-server/status-lists.ts',
    replace: 'subject: uri.href,',
    with: '',
    kills: { spec: VERIFIER, test: 'the sub of another list' },
  },
  {
    name: 'older-status-list-replaces-a-newer-one',
    file: 'src/module/resource-server/status-lists.ts',
    replace: 'loaded.issuedAt >= held.issuedAt',
    with: 'loaded.issuedAt >= 0',
    kills: { spec: VERIFIER, test: 'an older list never replaces the one held, and is no error' },
  },
  {
    name: 'expired-status-list-in-an-outage',
    file: 'src/module/resource-server/kept.ts',
    replace: 'if (performance.now() >= value.deadAt) throw error;',
    with: 'if (!value) throw error;',
    kills: { spec: VERIFIER, test: 'an outage is bridged until the list expires, then the answer is 503' },
  },
  {
    name: 'status-list-fetched-by-each-request',
    file: 'src/module/resource-server/kept.ts',
    replace: 'this.running ??=',
    with: 'this.running =',
    kills: { spec: VERIFIER, test: '1,000 requests cause one fetch of list, keys and metadata' },
  },
  {
    name: 'status-list-inflates-without-end',
    file: 'src/module/resource-server/status-list.ts',
    replace: '{ maxOutputLength: BYTES_MAX }',
    with: '{}',
    kills: { spec: LIST, test: 'stops inflating a list that grows beyond two megabytes' },
  },
  {
    name: 'status-list-of-any-origin',
    file: 'src/module/resource-server/status-list.ts',
    replace: "url.origin === origin && url.hash === ''",
    with: "url.hash === ''",
    kills: { spec: LIST, test: 'op.example.com.evil.example/status/1"}} is not a reference' },
  },
  {
    name: 'token-without-status',
    file: 'src/module/resource-server/token-sources.ts',
    replace: 'return reference !== undefined && (await lists.isValid(reference));',
    with: 'return reference === undefined || (await lists.isValid(reference));',
    kills: { spec: VERIFIER, test: 'no status: invalidToken' },
  },
  {
    name: 'token-without-epoch',
    file: 'src/module/resource-server/token-sources.ts',
    replace: 'return subject === undefined || epochs.isCurrent(subject, epoch);',
    with: 'if (epoch === undefined) return true;',
    kills: { spec: VERIFIER, test: 'the shared database: the epoch of the token decides' },
  },
  {
    name: 'token-of-a-person-with-the-id-of-the-client',
    file: 'src/module/resource-server/token-sources.ts',
    replace: 'if (epoch === undefined) return subject === undefined ||',
    with: 'if (subject === undefined) return true;\n    if (epoch === undefined) return',
    kills: { spec: VERIFIER, test: 'the shared database: a token with an epoch is that of a person' },
  },
  {
    name: 'refresh-token-as-access-token',
    file: 'src/module/resource-server/token-sources.ts',
    replace: "ACCESS_TOKEN_TYPES.includes(typeof type === 'string' && type.toLowerCase()) &&",
    with: '',
    kills: { spec: 'test/e2e/resource-server.spec.ts', test: 'a refresh token is not accepted as an access token' },
  },
  {
    name: 'token-with-an-epoch-of-another-type',
    file: 'src/module/resource-server/token-sources.ts',
    replace: "(typeof epoch === 'string' || typeof epoch === 'number') && epochs",
    with: 'epochs',
    kills: { spec: VERIFIER, test: 'the shared database: the epoch of the token decides' },
  },
  {
    name: 'introspection-for-another-api',
    file: 'src/module/resource-server/token-sources.ts',
    replace: '[aud].flat().some((each) => accepted.includes(each as string)) &&',
    with: '',
    kills: { spec: VERIFIER, test: 'introspection: an opaque token is valid while the answer says active' },
  },
  {
    name: 'introspection-errors-kept',
    file: 'src/module/resource-server/token-sources.ts',
    replace: 'answer.catch(() => answers.delete(key));',
    with: '',
    kills: { spec: VERIFIER, test: 'an answer is used for the configured seconds, and an error never' },
  },
  {
    name: 'api-proof-used-twice',
    file: 'src/module/resource-server/used-proofs.ts',
    replace: 'if ((this.until.get(key) ?? 0) > Date.now()) return false;',
    with: '',
    kills: { spec: VERIFIER, test: 'a proof of the key is needed, for this request, and works once' },
  },
  {
    name: 'api-bound-token-without-proof',
    file: 'src/module/resource-server/access-token-verifier.ts',
    replace: 'checkBinding(found, {',
    with: 'checkBinding({}, {',
    kills: { spec: VERIFIER, test: 'a token that is bound to another key or to a certificate is rejected' },
  },
  {
    name: 'message-of-an-ended-token',
    file: 'src/module/resource-server/access-token.guard.ts',
    replace: 'token !== undefined && this.verifier.isLive(token)',
    with: 'token !== undefined',
    kills: { spec: SOCKET, test: 'a message is answered until the token has ended, then refused' },
  },
  {
    name: 'api-fetches-http-in-production',
    file: 'src/module/resource-server/access-token-verifier.ts',
    replace: 'http: !isProduction()',
    with: 'http: true',
    kills: { spec: VERIFIER, test: 'http is not allowed in production' },
  },
  {
    name: 'http-beyond-loopback',
    file: 'src/module/caller/keys/guarded-request.ts',
    replace: 'if (isLoopback(address)) done(null, socket);',
    with: 'if (address) done(null, socket);',
    kills: { spec: VERIFIER, test: 'http is allowed only for loopback addresses' },
  },
];
