import type { Mutant } from './mutant.js';

const strategy = 'src/module/caller/assertion/logout-token.ts';
const endpoint = 'src/module/inbound-logout/inbound-logout.ts';
const spec = 'test/module/inbound-logout/inbound-logout.spec.ts';

const ofSessions = (test: string) => ({ spec: 'test/e2e/upstream-sessions.spec.ts', test });

export const rows: readonly Mutant[] = [
  {
    name: 'logout-token-of-any-type',
    file: strategy,
    replace: "if (!TYPES.includes(assertion.type)) throw refusal(assertion, 'assertionType');",
    with: '',
    kills: { spec, test: 'answers 400 for typ of a security event' },
  },
  {
    name: 'logout-token-of-any-client',
    file: 'src/module/caller/assertion/identity-providers.ts',
    replace: 'id !== undefined && [aud].flat().includes(id)',
    with: "[aud].flat().includes(id ?? 'our-client')",
    kills: { spec, test: 'an issuer without logoutClientId' },
  },
  {
    name: 'logout-token-of-another-client',
    file: 'src/module/caller/assertion/identity-providers.ts',
    edits: [
      { replace: '[aud].flat().includes(id)', with: "id !== ''" },
      { replace: 'audience: found.logoutClientId!', with: 'audience: [aud].flat()[0]!' },
    ],
    kills: { spec, test: 'the aud of another client' },
  },
  {
    name: 'logout-token-without-events',
    file: strategy,
    replace: "throw refusal(assertion, 'assertionClaims', 'events');",
    with: '{ /* accepted */ }',
    kills: { spec, test: 'answers 400 for events with other members only' },
  },
  {
    name: 'logout-token-with-nonce',
    file: strategy,
    replace: "if ('nonce' in claims) throw refusal(assertion, 'assertionClaims', 'nonce');",
    with: '',
    kills: { spec, test: 'answers 400 for a nonce' },
  },
  {
    name: 'logout-token-without-iat',
    file: 'src/module/caller/assertion/identity-providers.ts',
    replace: "claims: ['iat', 'events'] }",
    with: "claims: ['events'] }",
    kills: { spec, test: 'answers 400 for no iat' },
  },
  {
    name: 'logout-token-of-another-tenant',
    file: strategy,
    replace: '...(restrictions.tenant !== undefined && { tenant: restrictions.tenant }),',
    with: '',
    kills: { spec, test: 'a user of another tenant' },
  },
  {
    name: 'logout-token-with-any-jti',
    file: strategy,
    replace: 'assertion: { issuer: iss, jti, expiresAt, bodyHash },',
    with: '',
    kills: { spec, test: 'the same token again is answered 200 and ends nothing' },
  },
  {
    name: 'logout-token-as-untyped-assertion',
    file: 'src/module/caller/assertion/assertion.strategy.ts',
    replace: " && !('events' in assertion.claims)",
    with: '',
    kills: { spec, test: 'a logout token of typ undefined is not a revocation request' },
  },
  {
    name: 'logout-while-switched-off',
    file: endpoint,
    replace:
      "if (!(await this.flags.isEnabled('GLOBAL_TOKEN_REVOCATION'))) throw new RevocationError('featureDisabled');",
    with: '',
    kills: { spec, test: 'while the feature flag is off, the answer is 403' },
  },
  {
    name: 'logout-calls-not-limited',
    file: endpoint,
    replace: 'await this.limits.called(caller.id);',
    with: '',
    kills: { spec, test: 'limits the rate of calls' },
  },
  {
    name: 'logout-failures-not-limited',
    file: endpoint,
    replace: 'if (refusal.status === 400)',
    with: 'if (refusal.status === 401)',
    kills: { spec, test: 'limits the rate of rejected tokens' },
  },
  {
    name: 'two-logout-tokens',
    file: 'src/module/inbound-logout/logout-request.ts',
    replace: "token === '' || others.length > 0",
    with: "token === ''",
    kills: { spec, test: 'two of them' },
  },
  {
    name: 'logout-token-in-json',
    file: 'src/module/inbound-logout/logout-request.ts',
    replace: 'more.length > 0 || !FORM.test(type)',
    with: 'more.length > 0',
    kills: { spec, test: 'a form: plain text' },
  },
  {
    name: 'logout-token-of-two-identity-providers',
    file: 'src/module/options/identity-providers.options.ts',
    replace: '!all.slice(0, i).some((earlier) => sameLogout(each, earlier))',
    with: "all[0]!.id !== '' || !sameLogout(each, each)",
    kills: { spec: 'test/module/options/identity-providers.options.spec.ts', test: 'the same logoutClientId twice' },
  },
  {
    name: 'logout-echoed',
    file: 'src/module/backchannel-logout/backchannel-logout.ts',
    replace: 'told.filter(({ id }) => id !== by)',
    with: "told.filter(({ id }) => id !== by || id !== '')",
    kills: {
      spec: 'test/module/backchannel-logout/backchannel-logout.spec.ts',
      test: 'the identity provider whose logout token caused it is not told',
    },
  },
  {
    name: 'logout-of-nobody-not-found',
    file: 'src/module/startup/logout-checks.ts',
    replace: 'directory.hasIssuer(issuer)',
    with: 'directory.hasIssuer(issuer) || true',
    kills: { spec: 'test/module/startup/start-checks.spec.ts', test: 'logoutClientId' },
  },
  {
    name: 'ended-session-stays-live',
    file: 'src/module/oidc-provider/record-statements.ts',
    replace: ' AND ${isNotLoggedOut(row)})`',
    with: ')`',
    kills: ofSessions('ends the session, its grant and its tokens, and nothing else of the user'),
  },
  {
    name: 'ended-session-of-any-user',
    file: 'src/module/revocation/upstream-session.ts',
    replace: " AND s.subject_hash IN ('', ${subject})",
    with: '',
    kills: ofSessions('does not end the session of another user than sub'),
  },
  {
    name: 'ended-session-of-any-issuer',
    file: 'src/module/revocation/upstream-session.ts',
    replace: 'JSON.stringify([issuer, sid])',
    with: 'JSON.stringify([sid])',
    kills: ofSessions('does not end the session of another issuer with the same sid'),
  },
  {
    name: 'answer-after-the-end-of-its-session',
    file: 'src/module/oidc-provider/provider-hooks.ts',
    replace: 'if (!areLive || haveEnded) refuseAnswer',
    with: 'if (!areLive) refuseAnswer',
    kills: {
      spec: 'test/module/oidc-provider/provider-hooks.last-check.spec.ts',
      test: 'a logout of the session at the identity provider during an answer no ID token leaves',
    },
  },
  {
    name: 'refresh-leaves-its-upstream-session',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    replace: 'if (upstreamKey !== null) inheritUpstreamByKey',
    with: "if (upstreamKey !== null && this.kind !== 'RefreshToken') inheritUpstreamByKey",
    kills: ofSessions('ends what a refresh in flight has created'),
  },
  {
    name: 'new-sign-in-in-the-earlier-upstream-session',
    file: 'src/module/oidc-provider/epoch-context.ts',
    replace: ' || STEPS.indexOf(step) > STEPS.indexOf(known.step)',
    with: '',
    kills: ofSessions('a new sign-in in the same browser belongs to its own session'),
  },
  {
    name: 'approval-in-the-earlier-upstream-session',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    replace: "this.kind === 'Interaction' && result?.login ?",
    with: "this.kind === 'Interaction' ?",
    kills: ofSessions('an approval from before a new sign-in leaves the session to the new one'),
  },
  {
    name: 'ended-session-forgotten-too-early',
    file: 'src/module/oidc-provider/ended-session-sweep.ts',
    replace: 'await manager.delete(EndedSession, { upstreamHash: In(keys), endedAt });',
    with: 'await manager.delete(EndedSession, { upstreamHash: In(keys) });',
    kills: {
      spec: 'test/module/oidc-provider/ended-session-sweep.spec.ts',
      test: '30 days: forgets older ones and keeps younger ones, also of the same session',
    },
  },
  {
    name: 'registration-tokens-come-back',
    file: 'src/module/oidc-provider/ended-session-sweep.ts',
    replace: 'await run(manager, endLasting(keys.length), keys);',
    with: '',
    kills: {
      spec: 'test/module/oidc-provider/ended-session-sweep.spec.ts',
      test: 'what never expires does not come back when its session is forgotten',
    },
  },
  {
    name: 'ended-session-forgotten-unasked',
    file: 'src/module/oidc-provider/ended-session-sweep.ts',
    replace: 'if (this.days === 0) return 0;',
    with: '',
    kills: { spec: 'test/module/oidc-provider/ended-session-sweep.spec.ts', test: '0 days: keeps them forever' },
  },
  {
    name: 'session-of-another-tenant',
    file: strategy,
    replace: '(sid === undefined || restrictions.tenant !== undefined)',
    with: 'sid === undefined',
    kills: ofSessions('answers 400 for only a sid, from an identity provider of one tenant'),
  },
  {
    name: 'session-logout-replayed',
    file: 'src/module/inbound-logout/ended-sessions.ts',
    replace: 'await this.assertions.earlierUse(assertion);',
    with: '',
    kills: ofSessions('the same token again is answered 200, another with its jti 400'),
  },
  {
    name: 'sessions-without-the-adapter',
    file: 'src/module/startup/logout-checks.ts',
    replace: "logoutEnds === 'session' && !hasRecords(dataSource)",
    with: "logoutEnds === 'session' && !hasRecords(dataSource) && false",
    kills: {
      spec: 'test/module/startup/start-checks.spec.ts',
      test: "logoutEnds: 'session' without the oidc-provider adapter",
    },
  },
];
