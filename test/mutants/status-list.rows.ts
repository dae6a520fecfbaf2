import type { Mutant } from './mutant.js';

const LISTS = 'test/module/status-list/status-lists.spec.ts';
const ENDPOINT = 'test/module/status-list/status-list-endpoint.spec.ts';
const JWTS = 'test/module/oidc-provider/jwt-status.spec.ts';

export const rows: readonly Mutant[] = [
  {
    name: 'index-of-an-ended-epoch-is-new-to-the-nodes',
    file: 'src/module/status-list/status-lists.ts',
    replace: 'idx: hasEnded ? REVOKED_INDEX : open.idx',
    with: 'idx: hasEnded ? open.idx : open.idx',
    kills: { spec: LISTS, test: 'a token created while its user is being revoked gets an index that every node knows' },
  },
  {
    name: 'one-index-for-all-audiences',
    file: 'src/module/status-list/status-lists.ts',
    replace: "audience === undefined ? '' : sha256Hex(audience)",
    with: "audience === undefined ? '' : ''",
    kills: { spec: LISTS, test: 'each audience has its own index if it is given' },
  },
  {
    name: 'full-list-stays-open',
    file: 'src/module/status-list/status-lists.ts',
    replace: 'await run(manager, closeList(this.sql), [open.list]);',
    with: "throw new Error('full');",
    kills: { spec: LISTS, test: 'a full list is closed, and no index is used twice' },
  },
  {
    name: 'closed-list-gets-tokens',
    file: 'src/module/status-list/statements.ts',
    replace: 'WHERE l.closes_at > ${now} ORDER BY',
    with: 'WHERE l.expires_at > ${now} ORDER BY',
    kills: { spec: LISTS, test: 'no token is issued for a closed list' },
  },
  {
    name: 'later-revocations-unnoticed',
    file: 'src/module/status-list/list-states.ts',
    replace: 'this.end(await this.read<IndexRow>(ENDED_SINCE, [asOf - LOOK_BACK_MS]));',
    with: 'this.end([]);',
    kills: {
      spec: LISTS,
      test: 'a node that has read everything finds later revocations, of one user, of a realm and of everybody',
    },
  },
  {
    name: 'revocation-of-everybody-unnoticed',
    file: 'src/module/status-list/list-states.ts',
    replace: ' || revoked.includes(EVERYBODY)',
    with: '',
    kills: { spec: LISTS, test: 'a node that has read everything finds later revocations' },
  },
  {
    name: 'realm-unnoticed-by-lists',
    file: 'src/module/status-list/list-states.ts',
    replace: 'for (const realm of revoked) await this.readRealm(realm);',
    with: '',
    kills: { spec: LISTS, test: 'a node that has read everything finds later revocations' },
  },
  {
    name: 'revocation-of-a-realm-reads-everything',
    file: 'src/module/status-list/list-states.ts',
    replace: 'revoked.includes(EVERYBODY)',
    with: 'revoked.length > 0',
    kills: { spec: LISTS, test: 'after the revocation of a realm, a node reads the users of this realm only' },
  },
  {
    name: 'first-part-of-a-realm-is-enough',
    file: 'src/module/status-list/list-states.ts',
    replace: 'after = last;',
    with: 'return false;',
    kills: { spec: LISTS, test: 'the revocation of a realm with more users than a part has' },
  },
  {
    name: 'disabled-client-stays-valid',
    file: 'src/module/status-list/list-states.ts',
    replace: 'this.set(row, !enabled.has(row.clientId))',
    with: 'this.set(row, false)',
    kills: { spec: LISTS, test: 'an index of a client is 1 while the client is disabled or unknown' },
  },
  {
    name: 'every-request-reads-the-lists',
    file: 'src/module/status-list/list-states.ts',
    replace: 'this.running ??= this.refresh()',
    with: 'this.running = this.refresh()',
    kills: { spec: LISTS, test: 'requests share one read' },
  },
  {
    name: 'list-of-another-node-unknown-for-a-second',
    file: 'src/module/status-list/status-list-tokens.ts',
    replace: 'this.states.current(id)',
    with: 'this.states.current()',
    kills: { spec: ENDPOINT, test: 'a list that was begun after the last read is served at once' },
  },
  {
    name: 'refresh-from-before-the-list-is-enough',
    file: 'src/module/status-list/list-states.ts',
    replace: 'if (!this.lists.has(wanted)) await this.refreshOnce();',
    with: '',
    kills: { spec: LISTS, test: 'a node serves a list that another one has just begun' },
  },
  {
    name: 'each-unknown-list-reads-the-lists',
    file: 'src/module/status-list/new-lists.ts',
    replace: 'this.next ??= this.lookUp(this.last);',
    with: 'this.next = this.lookUp(this.last);',
    kills: { spec: LISTS, test: 'a storm of unknown ids causes one look-up' },
  },
  {
    name: 'list-of-a-past-time',
    file: 'src/module/status-list/status-list-endpoint.ts',
    replace: "if (requestQuery(request.url).has('time')) return problem(response, 501);",
    with: '',
    kills: { spec: ENDPOINT, test: '501 for a time, 405 for POST' },
  },
  {
    name: 'caches-add-to-the-ttl',
    file: 'src/module/status-list/status-list-endpoint.ts',
    replace: "response.setHeader('Cache-Control', 'no-cache');",
    with: "response.setHeader('Cache-Control', 'max-age=60');",
    kills: { spec: ENDPOINT, test: 'a list is signed for its address' },
  },
  {
    name: 'pairwise-subjects-share-an-index',
    file: 'src/module/oidc-provider/jwt-status.ts',
    replace: 'sub === accountId ? {} :',
    with: 'sub === accountId || aud ? {} :',
    kills: { spec: JWTS, test: 'a pairwise subject has its own index' },
  },
  {
    name: 'jwt-outlives-its-list',
    file: 'src/module/oidc-provider/jwt-status.ts',
    replace: 'exp - iat > lifetimeSeconds',
    with: 'exp < iat',
    kills: { spec: JWTS, test: 'a JWT that outlives its list is not issued' },
  },
];
