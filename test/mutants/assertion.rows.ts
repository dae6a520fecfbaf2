import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'assertion-algorithms-of-others',
    file: 'src/module/caller/assertion/assertion-check.ts',
    replace: 'algorithms: [...rule.algorithms],',
    with: '',
    kills: { spec: 'test/module/caller/assertion/identity-providers.spec.ts', test: 'alg' },
  },
  {
    name: 'assertion-any-algorithm',
    file: 'src/module/caller/assertion/assertion-check.ts',
    replace:
      "if (!ASSERTION_ALGORITHMS.includes(String(assertion.header.alg))) throw refusal(assertion, 'assertionAlgorithm');",
    with: '',
    kills: {
      spec: 'test/module/caller/assertion/client-assertion.strategy.spec.ts',
      test: 'returns 401 for HS256 with the public key as secret',
    },
  },
  {
    name: 'assertion-audience-not-checked',
    file: 'src/module/caller/assertion/assertion-check.ts',
    replace: 'audience: rule.audience,',
    with: '',
    kills: {
      spec: 'test/module/caller/assertion/client-assertion.strategy.spec.ts',
      test: 'aud is the token endpoint',
    },
  },
  {
    name: 'assertion-from-the-future',
    file: 'src/module/caller/assertion/assertion-check.ts',
    replace: "if (iat !== undefined && iat > latest) throw refusal(assertion, 'assertionEarly', 'iat');",
    with: '',
    kills: { spec: 'test/module/caller/assertion/identity-providers.spec.ts', test: 'iat in 30 s' },
  },
  {
    name: 'assertion-key-from-header',
    file: 'src/module/caller/assertion/assertion-check.ts',
    edits: [
      {
        replace: 'type { errors, JWTPayload, JWTVerifyGetKey }',
        with: '{ EmbeddedJWK, type errors, type JWTPayload, type JWTVerifyGetKey }',
      },
      {
        replace: 'return verifyJwt(token, rule.keys, {',
        with: "return verifyJwt(token, (h, t) => (h['jwk'] ? EmbeddedJWK(h, t) : rule.keys(h, t)), {",
      },
    ],
    kills: { spec: 'test/module/caller/assertion/client-assertion.strategy.spec.ts', test: 'keys in the header' },
  },
  {
    name: 'assertion-lifetime-not-limited',
    file: 'src/module/caller/assertion/assertion-check.ts',
    replace:
      "if (exp! > from + lifetimeSeconds) throw refusal(assertion, 'assertionLifetime', `at most ${lifetimeSeconds} s`);",
    with: '',
    kills: { spec: 'test/module/caller/assertion/identity-providers.spec.ts', test: 'valid for 301 s' },
  },
  {
    name: 'assertion-several-audiences',
    file: 'src/module/caller/assertion/assertion-check.ts',
    replace:
      "if (Array.isArray(aud) && aud.length !== 1) throw refusal(assertion, 'assertionAudience', expected(rule, 'aud'));",
    with: '',
    kills: {
      spec: 'test/module/caller/assertion/identity-providers.spec.ts',
      test: 'returns 401 for aud with a second value',
    },
  },
  {
    name: 'assertion-subject-not-checked',
    file: 'src/module/caller/assertion/assertion-check.ts',
    replace: '...(rule.subject !== undefined && { subject: rule.subject }),',
    with: '',
    kills: { spec: 'test/module/caller/assertion/client-assertion.strategy.spec.ts', test: 'sub of another client' },
  },
  {
    name: 'assertion-without-end',
    file: 'src/module/caller/assertion/assertion-check.ts',
    replace: "['exp', 'jti', ...rule.claims]",
    with: "['jti', ...rule.claims]",
    kills: { spec: 'test/module/caller/assertion/client-assertion.strategy.spec.ts', test: 'no exp' },
  },
  {
    name: 'assertion-without-jti',
    file: 'src/module/caller/assertion/assertion-check.ts',
    replace: "throw refusal(assertion, 'assertionClaims', 'jti');",
    with: 'return { jti: String(Math.random()), keyId: undefined, expiresAt: exp! };',
    kills: { spec: 'test/module/caller/assertion/client-assertion.strategy.spec.ts', test: 'empty jti' },
  },
  {
    name: 'assertion-without-sub',
    file: 'src/module/caller/assertion/assertion-check.ts',
    replace:
      "if ('sub' in claims && (typeof sub !== 'string' || sub === '')) throw refusal(assertion, 'assertionClaims', 'sub');",
    with: '',
    kills: {
      spec: 'test/module/caller/assertion/identity-providers.spec.ts',
      test: 'returns 401 for null as sub',
    },
  },
  {
    name: 'assertion-other-body-looked-up',
    file: 'src/module/caller/assertion/assertion.strategy.ts',
    replace: 'if (caller.assertion) await this.used.refuseOtherBody(caller.assertion);',
    with: '',
    kills: {
      spec: 'test/module/caller/assertion/used-assertions.replay.spec.ts',
      test: 'a repeated assertion with another body gets the same 401 whether the user exists:',
    },
  },
  {
    name: 'assertion-type-not-checked',
    file: 'src/module/caller/assertion/assertion.strategy.ts',
    replace: "throw refusal(assertion, 'assertionType');",
    with: 'return this.clients;',
    kills: { spec: 'test/module/caller/assertion/client-assertion.strategy.spec.ts', test: 'typ of an ID token' },
  },
  {
    name: 'kid-of-any-type',
    file: 'src/module/caller/assertion/assertion.ts',
    replace: "['typ', 'kid']",
    with: "['typ']",
    kills: {
      spec: 'test/module/caller/assertion/identity-providers.spec.ts',
      test: 'returns 401 for a number as kid',
    },
  },
  {
    name: 'typ-of-any-type',
    file: 'src/module/caller/assertion/assertion.ts',
    edits: [
      { replace: "['typ', 'kid']", with: "['kid']" },
      { replace: "header.typ ?? ''", with: "typeof header.typ === 'string' ? header.typ : ''" },
    ],
    kills: {
      spec: 'test/module/caller/assertion/client-assertion.strategy.spec.ts',
      test: 'returns 401 for a number as typ',
    },
  },
  {
    name: 'assertion-any-method',
    file: 'src/module/caller/assertion/client-assertion.strategy.ts',
    replace: "method !== 'private_key_jwt'",
    with: "typeof method !== 'string'",
    kills: {
      spec: 'test/module/caller/assertion/client-assertion.strategy.spec.ts',
      test: 'client registered for Basic',
    },
  },
  {
    name: 'signing-clients-without-restrictions',
    file: 'src/module/caller/assertion/client-assertion.strategy.ts',
    replace: 'restrictions: client.restrictions,',
    with: '',
    kills: {
      spec: 'test/module/subject/caller-restrictions.kinds-of-callers.spec.ts',
      test: 'private_key_jwt: a user of another tenant outside',
    },
  },
  {
    name: 'assertion-body-not-compared',
    file: 'src/module/caller/assertion/used-assertions.ts',
    replace: 'used.bodyHash !== assertion.bodyHash',
    with: "used.bodyHash === ''",
    kills: {
      spec: 'test/module/caller/assertion/used-assertions.spec.ts',
      test: 'a repetition with another body is rejected and revokes nobody',
    },
  },
  {
    name: 'assertion-key-without-issuer',
    file: 'src/module/caller/assertion/used-assertions.ts',
    replace: 'keyOf(issuer, jti)',
    with: 'keyOf(issuer.slice(0, 0), jti)',
    kills: { spec: 'test/module/caller/assertion/used-assertions.spec.ts', test: 'the same jti of another issuer' },
  },
];
