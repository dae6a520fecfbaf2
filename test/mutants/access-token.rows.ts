import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'dpop-slow-keys',
    file: 'src/module/caller/access-token/dpop-proof.ts',
    replace: ' && member.length <= max',
    with: '',
    kills: {
      spec: 'test/module/caller/access-token/dpop-proof.spec.ts',
      test: 'a proof with an RSA key with a modulus of 8192 bits',
    },
  },
  {
    name: 'dpop-slow-key-in-a-list',
    file: 'src/module/caller/access-token/dpop-proof.ts',
    replace: "typeof member === 'string' && member.length",
    with: 'String(member) !== "" && (member as string).length',
    kills: {
      spec: 'test/module/caller/access-token/dpop-proof.spec.ts',
      test: 'a proof with an RSA key with a list as modulus',
    },
  },
  {
    name: 'dpop-proof-of-unknown-tokens',
    file: 'src/module/caller/access-token/bearer.strategy.ts',
    replace: 'const token = await this.tokens.find(value);',
    with: `if (isDpop) await this.proofOf(request, value).catch(() => {});
    const token = await this.tokens.find(value);`,
    kills: {
      spec: 'test/module/caller/access-token/dpop-proof.spec.ts',
      test: 'the proof of an unknown token is not checked',
    },
  },
  {
    name: 'bearer-callers-without-restrictions',
    file: 'src/module/caller/access-token/bearer.strategy.ts',
    replace: 'restrictions: client.restrictions,',
    with: '',
    kills: {
      spec: 'test/module/caller/clients/clients.rotation.spec.ts',
      test: 'Bearer: a format that is not allowed gets the answer for an unknown user',
    },
  },
  {
    name: 'dpop-proof-of-anybody-is-stored',
    file: 'src/module/caller/access-token/bearer.strategy.ts',
    replace: 'proof && mayCall(caller)',
    with: 'proof',
    kills: { spec: 'test/module/endpoint/endpoint.refusals.spec.ts', test: 'DPoP, without the scope' },
  },
  {
    name: 'dpop-proof-used-again',
    file: 'src/module/caller/access-token/bearer.strategy.ts',
    replace: 'if (proof && mayCall(caller)) await this.used.useProof(proof);',
    with: '',
    kills: {
      spec: 'test/module/caller/access-token/dpop-proof.spec.ts',
      test: 'returns one 204 for 100 simultaneous requests with one proof, and raises the epoch once',
    },
  },
  {
    name: 'dpop-url-from-host',
    file: 'src/module/caller/access-token/bearer.strategy.ts',
    replace: 'this.route.url()',
    with: '`http://${request.headers.host}/global-token-revocation`',
    kills: { spec: 'test/module/caller/access-token/dpop-proof.spec.ts', test: 'Host is spoofed' },
  },
  {
    name: 'persons-token-counts',
    file: 'src/module/caller/access-token/bearer.strategy.ts',
    replace: "token.subject === undefined ? token.scope.split(' ') : []",
    with: "[...token.scope.split(' '), 'global_token_revocation']",
    kills: { spec: 'test/e2e/bearer.spec.ts', test: 'a token of a user gets 403 whatever its scope' },
  },
  {
    name: 'dpop-first-proof-counts',
    file: 'src/module/caller/access-token/dpop-proof.ts',
    replace: 'more.length > 0',
    with: 'more.length > 99',
    kills: { spec: 'test/module/caller/access-token/dpop-proof.spec.ts', test: 'the same proof twice' },
  },
  {
    name: 'dpop-from-the-future',
    file: 'src/module/caller/access-token/dpop-proof.ts',
    replace: 'Math.abs(Date.now() / 1000 - iat)',
    with: 'Date.now() / 1000 - iat',
    kills: { spec: 'test/module/caller/access-token/dpop-proof.spec.ts', test: 'made in 62 s' },
  },
  {
    name: 'dpop-method-not-checked',
    file: 'src/module/caller/access-token/dpop-proof.ts',
    replace: "if (htm !== method) throw refusal('dpopProofRequest', 'htm');",
    with: 'void [htm, method];',
    kills: { spec: 'test/module/caller/access-token/dpop-proof.spec.ts', test: 'htm GET' },
  },
  {
    name: 'dpop-of-any-age',
    file: 'src/module/caller/access-token/dpop-proof.ts',
    replace: "if (Math.abs(Date.now() / 1000 - iat) > WINDOW_SECONDS) throw refusal('dpopProofTime', 'iat');",
    with: '',
    kills: { spec: 'test/module/caller/access-token/dpop-proof.spec.ts', test: 'made 62 s ago' },
  },
  {
    name: 'dpop-of-any-token',
    file: 'src/module/caller/access-token/dpop-proof.ts',
    replace:
      "if (ath !== createHash('sha256').update(accessToken).digest('base64url')) throw refusal('dpopProofToken', 'ath');",
    with: 'void [ath, accessToken, createHash];',
    kills: { spec: 'test/module/caller/access-token/dpop-proof.spec.ts', test: 'ath of another token' },
  },
  {
    name: 'dpop-of-any-type',
    file: 'src/module/caller/access-token/dpop-proof.ts',
    replace: "typ: 'dpop+jwt',",
    with: '',
    kills: { spec: 'test/module/caller/access-token/dpop-proof.spec.ts', test: 'typ of an assertion' },
  },
  {
    name: 'dpop-url-not-checked',
    file: 'src/module/caller/access-token/dpop-proof.ts',
    replace: "if (targetOf(htu) !== targetOf(url)) throw refusal('dpopProofRequest', 'htu');",
    with: 'void [htu, url, targetOf];',
    kills: { spec: 'test/module/caller/access-token/dpop-proof.spec.ts', test: 'htu of the token endpoint' },
  },
  {
    name: 'jwt-token-for-any-audience',
    file: 'src/module/caller/access-token/jwt-access-tokens.ts',
    replace: 'audience: audience(),',
    with: '',
    kills: {
      spec: 'test/module/caller/access-token/jwt-access-tokens.spec.ts',
      test: 'returns 401 for a token for another audience',
    },
  },
  {
    name: 'jwt-token-of-a-login',
    file: 'src/module/caller/access-token/jwt-access-tokens.ts',
    replace: 'sub === clientId && !OF_A_LOGIN.some((claim) => claim in claims)',
    with: 'sub === clientId',
    kills: {
      spec: 'test/module/caller/access-token/jwt-access-tokens.spec.ts',
      test: 'returns 403 for a token of a user with the account ID of the client, with auth_time',
    },
  },
  {
    name: 'jwt-token-of-a-person',
    file: 'src/module/caller/access-token/jwt-access-tokens.ts',
    replace: 'isOwn ? {} : { subject: sub! }',
    with: '{}',
    kills: {
      spec: 'test/module/caller/access-token/jwt-access-tokens.spec.ts',
      test: 'returns 403 for a token of an ordinary user',
    },
  },
  {
    name: 'jwt-token-of-any-issuer',
    file: 'src/module/caller/access-token/jwt-access-tokens.ts',
    replace: '{ issuer, audience: audience(), keys }',
    with: `{ issuer: (JSON.parse(Buffer.from(value.split('.')[1]!, 'base64url').toString()) as { iss: string }).iss, audience: audience(), keys }`,
    kills: {
      spec: 'test/module/caller/access-token/jwt-access-tokens.spec.ts',
      test: 'returns 401 for a token of another issuer',
    },
  },
  {
    name: 'jwt-token-unbound',
    file: 'src/module/caller/access-token/jwt-access-tokens.ts',
    replace: '{ clientId: clientId as string, scope: scope as string, cnf, ...person }',
    with: '{ clientId: clientId as string, scope: scope as string, ...person }',
    kills: {
      spec: 'test/module/caller/access-token/jwt-access-tokens.spec.ts',
      test: 'returns 401 for a token bound to a key, without its proof',
    },
  },
  {
    name: 'bound-token-as-bearer',
    file: 'src/module/caller/access-token/token-binding.ts',
    replace: '!isSame(bound, shown[name as keyof Shown])',
    with: "name !== 'jkt' && !isSame(bound, shown[name as keyof Shown])",
    kills: { spec: 'test/module/caller/access-token/dpop-proof.spec.ts', test: 'a bound token as a bearer token' },
  },
  {
    name: 'certificate-not-asked-for',
    file: 'src/module/caller/access-token/token-binding.ts',
    replace: '!isSame(bound, shown[name as keyof Shown])',
    with: "name !== 'x5t#S256' && !isSame(bound, shown[name as keyof Shown])",
    kills: {
      spec: 'test/module/caller/access-token/token-binding.client-certificates.spec.ts',
      test: 'without a certificate',
    },
  },
  {
    name: 'certificate-not-compared',
    file: 'src/module/caller/access-token/token-binding.ts',
    replace: '!isSame(bound, shown[name as keyof Shown])',
    with: 'shown[name as keyof Shown] === undefined',
    kills: {
      spec: 'test/module/caller/access-token/token-binding.client-certificates.spec.ts',
      test: 'returns 401 with the certificate of another client',
    },
  },
  {
    name: 'dpop-key-of-any-token',
    file: 'src/module/caller/access-token/token-binding.ts',
    replace:
      "if (shown.jkt !== undefined && !isSame(cnf['jkt'], shown.jkt)) throw new RevocationError('keyOfAnotherToken');",
    with: '',
    kills: {
      spec: 'test/module/caller/access-token/dpop-proof.spec.ts',
      test: 'returns 401 for an unbound token with the DPoP scheme, 204 as a bearer token',
    },
  },
  {
    name: 'first-binding-is-enough',
    file: 'src/module/caller/access-token/token-binding.ts',
    replace:
      "if (!isSame(bound, shown[name as keyof Shown])) throw new RevocationError('boundToken', { details: name });",
    with: `if (!isSame(bound, shown[name as keyof Shown])) throw new RevocationError('boundToken', { details: name });
    else return;`,
    kills: {
      spec: 'test/module/caller/access-token/token-binding.spec.ts',
      test: 'looked up: returns 401 with its key alone',
    },
  },
  {
    name: 'signatures-of-strangers-are-checked',
    file: 'src/module/caller/access-token/bearer.strategy.ts',
    replace: "if (claimed !== undefined && !(await this.client(claimed))) throw new RevocationError('invalidToken');",
    with: '',
    kills: {
      spec: 'test/module/caller/rate-limits.signatures-of-strangers.spec.ts',
      test: 'a JWT access token of a client that does not exist: 401, then 429, and no signature is checked',
    },
  },
];
