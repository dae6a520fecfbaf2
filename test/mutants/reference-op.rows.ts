import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'certificate-of-any-sender',
    file: 'src/reference-op/client-certificate.ts',
    replace: "if (!isProxy(request.socket.remoteAddress ?? '')) return undefined;",
    with: 'void isProxy;',
    kills: {
      spec: 'test/module/caller/access-token/token-binding.client-certificates.spec.ts',
      test: 'returns 401 for a certificate from a sender that is not a trusted proxy',
    },
  },
  {
    name: 'certificate-of-several-headers',
    file: 'src/reference-op/client-certificate.ts',
    replace: 'more.length > 0',
    with: 'more.length > 99',
    kills: {
      spec: 'test/module/caller/access-token/token-binding.client-certificates.spec.ts',
      test: 'returns 401 for two certificate headers',
    },
  },
  {
    name: 'commands-make-databases',
    file: 'src/reference-op/ctl-modules.ts',
    replace: 'if (!mayCreate) refuseToCreate(settings);',
    with: 'if (mayCreate) refuseToCreate(settings);',
    kills: { spec: 'test/cli/execute.spec.ts', test: 'and creates nothing' },
  },
  {
    name: 'ready-until-the-end',
    file: 'src/reference-op/health/readiness.ts',
    replace: 'if (this.draining.isDraining) return [() => this.shutdown()];',
    with: '',
    kills: { spec: 'test/reference-op/health/health.controller.spec.ts', test: 'not ready at once' },
  },
  {
    name: 'ready-without-migrations',
    file: 'src/reference-op/health/readiness.ts',
    replace: "() => this.attempt('migrations', () => this.expectMigrated()),",
    with: '',
    kills: {
      spec: 'test/reference-op/health/health.controller.spec.ts',
      test: 'a pending migration makes the server not ready',
    },
  },
  {
    name: 'production-migrates-by-itself',
    file: 'src/reference-op/host-modules.ts',
    replace: "settings.production ? 'refuse' : 'run'",
    with: "'run'",
    kills: {
      spec: 'test/e2e/refused-start.spec.ts',
      test: 'is refused with pending migrations by one line with the command, then works without the demo',
    },
  },
  {
    name: 'connections-without-limit',
    file: 'src/reference-op/http.ts',
    replace: 'adapter.getInstance().server.maxConnections = maxConnections;',
    with: '',
    kills: {
      spec: 'test/reference-op/http.connections.spec.ts',
      test: 'closes a connection over the limit without an answer and serves the earlier ones',
    },
  },
  {
    name: 'posts-of-programs-by-prefix',
    file: 'src/reference-op/op/routes.ts',
    replace: 'OF_PROGRAMS.includes(requestPath(url))',
    with: "OF_PROGRAMS.some((path) => url.includes(path)) || !url.startsWith('/interaction')",
    kills: { spec: 'test/e2e/csrf.spec.ts', test: 'returns 403 for the address of each form percent-encoded' },
  },
  {
    name: 'certificates-of-all-proxies',
    file: 'src/reference-op/settings/settings-rules.ts',
    replace: '!namesProxies(settings.trustProxy)',
    with: "settings.trustProxy === 'off'",
    kills: {
      spec: 'test/reference-op/settings/settings.spec.ts',
      test: 'a certificate header with GTR_TRUST_PROXY=1, which names no proxy',
    },
  },
  {
    name: 'demo-data-for-everybody',
    file: 'src/reference-op/demo.ts',
    replace: 'if (LOOPBACK.test(addresses[key])) continue;',
    with: "if (key === 'issuer' || LOOPBACK.test(addresses[key])) continue;",
    kills: { spec: 'test/reference-op/demo-data.spec.ts', test: 'prevent startup if the issuer is at 10.0.0.1' },
  },
  {
    name: 'demo-data-not-looked-at',
    file: 'src/reference-op/app.ts',
    replace: 'if (!settings.production) expectOnlyHere(settings);',
    with: '',
    kills: { spec: 'test/reference-op/demo-data.spec.ts', test: 'prevent startup if the server listens on 0.0.0.0' },
  },
  {
    name: 'first-sign-in-writes-for-everybody',
    file: 'src/reference-op/op/accounts.service.ts',
    replace: 'const epoch = await orUnavailable(this.epochs.current(id));',
    with: `if (id !== NOBODY) await this.revocation.epochForSignIn(id);
    const epoch = await orUnavailable(this.epochs.current(id));`,
    kills: {
      spec: 'test/reference-op/op/accounts.service.sign-in-statements.spec.ts',
      test: 'a wrong password runs the same statements',
    },
  },
  {
    name: 'path-logged-as-sent',
    file: 'src/reference-op/log/route.ts',
    replace: "words.get(segment) ?? (segment === '' ? '' : ':id')",
    with: 'segment',
    kills: {
      spec: 'test/reference-op/log/server-log.spec.ts',
      test: 'a sign-in writes a line per request, without IDs, queries or names',
    },
  },
  {
    name: 'epoch-after-the-password-check',
    file: 'src/reference-op/op/accounts.service.ts',
    edits: [
      {
        replace: 'const epoch = await orUnavailable(this.epochs.current(id));',
        with: `const user = await this.withPassword(id, password);
    const epoch = await orUnavailable(this.epochs.current(id));`,
      },
      {
        replace: `const user = await this.withPassword(id, password);
    if (!user)`,
        with: 'if (!user)',
      },
    ],
    kills: {
      spec: 'test/e2e/every-call.spec.ts',
      test: 'code: nothing of alice survives a revocation during the password check',
    },
  },
  {
    name: 'database-file-for-everybody',
    file: 'src/reference-op/op/data-source.ts',
    replace: "openSync(database, 'a', 0o600)",
    with: "openSync(database, 'a', 0o644)",
    kills: {
      spec: 'test/reference-op/op/data-source.file.spec.ts',
      test: 'only its owner can read the SQLite file that the server creates, and the files beside it',
    },
  },
  {
    name: 'logout-target-without-secret',
    file: 'src/reference-op/op/ended-logouts.ts',
    replace: "|| typeof sent !== 'string' || !isSameSecret(secret, sent)",
    with: '',
    kills: { spec: 'test/e2e/people-in-the-middle.spec.ts', test: 'sent with a wrong secret, leads nowhere' },
  },
  {
    name: 'telephone-numbers-without-index',
    file: 'src/reference-op/migrations/1-create-op-user.ts',
    replace: "{ name: 'op_user_phone', columnNames: ['phone'] },",
    with: '',
    kills: {
      spec: 'test/module/subject/typeorm-user-directory.query-plan.spec.ts',
      test: 'use the index op_user_phone',
    },
    databases: 'all',
  },
  {
    name: 'transactions-of-the-vanished',
    file: 'src/reference-op/op/idle-transactions.ts',
    replace: 'const IDLE_SECONDS = 5',
    with: 'const IDLE_SECONDS = 28_800',
    kills: {
      spec: 'test/e2e/vanished-node.spec.ts',
      test: 'blocks only the user it was revoking, with 503 in time, until the database ends the transaction',
    },
    databases: 'all',
  },
  {
    name: 'passwords-without-end',
    file: 'src/reference-op/op/interaction.controller.ts',
    replace: 'if (wait > 0) return this.tooMany(interaction, http, identifier, wait);',
    with: '',
    kills: {
      spec: 'test/reference-op/op/sign-in-tries.spec.ts',
      test: 'twelve simultaneous tries: checks three, then rejects even the right password',
    },
  },
  {
    name: 'passwords-counted-when-checked',
    file: 'src/reference-op/op/sign-in-tries.ts',
    replace: 'for (const counter of counters) counter.count += 1;',
    with: 'setTimeout(() => counters.forEach((counter) => (counter.count += 1)), 1000);',
    kills: {
      spec: 'test/reference-op/op/sign-in-tries.spec.ts',
      test: 'twelve simultaneous tries: checks three, then rejects even the right password',
    },
  },
  {
    name: 'right-passwords-count',
    file: 'src/reference-op/op/sign-in-tries.ts',
    replace: 'if (!isWrong) for (const counter of counters) counter.count -= 1;',
    with: '',
    kills: {
      spec: 'test/reference-op/op/sign-in-tries.spec.ts',
      test: 'ten right passwords are accepted, and wrong ones still count afterwards',
    },
  },
  {
    name: 'no-csrf-protection',
    file: 'src/reference-op/op/mount.ts',
    replace: 'app.enableCsrfProtection({ exclude });',
    with: '',
    kills: {
      spec: 'test/e2e/csrf.spec.ts',
      test: 'returns 403 for an authorization request from a foreign form, before it uses a session',
    },
  },
  {
    name: 'origin-compared-with-host-alone',
    file: 'src/reference-op/op/mount.ts',
    replace: ' || isFrom(origin, request)',
    with: '',
    kills: { spec: 'test/e2e/behind-a-proxy.spec.ts', test: 'a proxy that changes Host does not block' },
  },
  {
    name: 'origin-in-spite-of-fetch-metadata',
    file: 'src/reference-op/op/mount.ts',
    replace: "headers['sec-fetch-site'] === undefined && ",
    with: '',
    kills: { spec: 'test/e2e/csrf.spec.ts', test: 'cross-site despite a good Origin' },
  },
  {
    name: 'text-too-pale',
    file: 'src/reference-op/op/pages/tokens.css',
    replace: '--muted: #53625d;',
    with: '--muted: #83928d;',
    kills: { spec: 'test/e2e/browser/accessibility.spec.ts', test: 'on a phone' },
  },
  {
    name: 'access-tokens-as-jwt',
    file: 'src/reference-op/op/provider.factory.ts',
    replace: 'resourceIndicators: resourceIndicators(jwtAudiences, ttl.accessToken)',
    with: `resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: '', accessTokenFormat: 'jwt' as const }),
      }`,
    kills: {
      spec: 'test/reference-op/op/provider.factory.opaque-tokens.spec.ts',
      test: 'R6: every grant with a resource issues an opaque token without a resource',
    },
  },
  {
    name: 'client-assertion-good-twice',
    file: 'src/reference-op/op/provider.factory.ts',
    replace: 'assertJwtClientAuthClaimsAndHeader: revocation.assertJwtClientAuthClaimsAndHeader,',
    with: '',
    kills: {
      spec: 'test/module/caller/assertion/used-assertions.replay.spec.ts',
      test: 'an assertion used at the token endpoint gets 401 at the endpoint, and vice versa',
    },
  },
  {
    name: 'device-code-ended-by-an-error',
    file: 'src/reference-op/op/user-codes.ts',
    replace: '(!code.error || code.errorDescription === description)',
    with: '!code.error',
    kills: {
      spec: 'test/e2e/people-with-a-device.spec.ts',
      test: 'bob, who signed in over the session of alice, sees the same code again',
    },
  },
  {
    name: 'no-notice-before-the-end',
    file: 'src/reference-op/shutdown.ts',
    replace: 'if (noticeMs > 0) await sleep(noticeMs);',
    with: `if (noticeMs > 1e9) await sleep(noticeMs);
    server.closeAllConnections();`,
    kills: { spec: 'test/e2e/rolling-upgrade.spec.ts', test: 'no request fails' },
    databases: 'all',
  },
  {
    name: 'end-that-waits-for-ever',
    file: 'src/reference-op/shutdown.ts',
    replace: 'await Promise.race([app.close(), end]);',
    with: 'await app.close();',
    kills: {
      spec: 'test/reference-op/shutdown.spec.ts',
      test: 'ends in time although the database holds up a revocation',
    },
  },
  {
    name: 'settings-of-any-name',
    file: 'src/reference-op/settings/settings-load.ts',
    replace: '/^gtr_/i.test(name) && !known.includes(name)',
    with: "name === ''",
    kills: { spec: 'test/reference-op/settings/settings.spec.ts', test: 'GTR_PAHT' },
  },
  {
    name: 'settings-numbers-as-yaml-reads-them',
    file: 'src/reference-op/settings/settings-load.ts',
    replace: '(kind.asWritten ? texts : values)[key]',
    with: "typeof values[key] === 'number' ? String(values[key]) : (kind.asWritten ? texts : values)[key]",
    kills: { spec: 'test/reference-op/settings/settings.spec.ts', test: 'port: 0x10' },
  },
  {
    name: 'settings-production-without-keys',
    file: 'src/reference-op/settings/settings-rules.ts',
    replace: 'production && given === 0',
    with: 'production && given > 2',
    kills: { spec: 'test/reference-op/settings/settings.spec.ts', test: 'no storage key' },
  },
  {
    name: 'signing-key-of-another',
    file: 'src/reference-op/settings/signing-keys.ts',
    replace: '(jwk) => signs(jwk)',
    with: '(jwk) => signs(jwk) || true',
    kills: {
      spec: 'test/reference-op/keys.spec.ts',
      test: 'rejects a private part of another key and names setting and file',
    },
  },
  {
    name: 'tries-count-spellings',
    file: 'src/reference-op/op/accounts.service.ts',
    replace: 'account: id ?? `nobody ${name}`',
    with: 'account: identifier',
    kills: {
      spec: 'test/reference-op/op/sign-in-tries.spec.ts',
      test: 'the name and the address of an account count together',
    },
  },
  {
    name: 'tries-of-nobody-count-spellings',
    file: 'src/reference-op/op/accounts.service.ts',
    replace: "canonicalEmail(identifier) ?? identifier.normalize('NFC').toLowerCase()",
    with: 'identifier',
    kills: {
      spec: 'test/reference-op/op/sign-in-tries.spec.ts',
      test: 'an address in capitals: all spellings count together, for an existing user as for an unknown one',
    },
  },
  {
    name: 'source-tries-many-accounts',
    file: 'src/reference-op/op/sign-in-tries.ts',
    replace: '[sourceKey(source), this.limit * WIDER]',
    with: '[sourceKey(source), Infinity]',
    kills: {
      spec: 'test/reference-op/op/sign-in-tries.spec.ts',
      test: 'a source that tries many accounts has to wait, and others do not',
    },
  },
  {
    name: 'account-is-as-fast-for-many-sources',
    file: 'src/reference-op/op/sign-in-tries.ts',
    replace: 'if (isSlow) await sleep(PAUSE_MS);',
    with: '',
    kills: {
      spec: 'test/reference-op/op/sign-in-tries.spec.ts',
      test: 'many sources that try one account make it slower, and lock nobody out',
    },
  },
  {
    name: 'shop-logout-token-of-any-type',
    file: 'src/reference-op/demo/shop/shop-client.ts',
    replace: "typ: 'logout+jwt',",
    with: '',
    kills: { spec: 'test/reference-op/demo/shop/shop.controller.spec.ts', test: 'rejects another typ' },
  },
  {
    name: 'shop-logout-token-of-another-client',
    file: 'src/reference-op/demo/shop/shop-client.ts',
    replace: 'audience: demoShopClient(metadata.issuer).clientId,',
    with: '',
    kills: { spec: 'test/reference-op/demo/shop/shop.controller.spec.ts', test: 'rejects another aud' },
  },
  {
    name: 'shop-logout-token-of-another-issuer',
    file: 'src/reference-op/demo/shop/shop-client.ts',
    replace: 'issuer: metadata.issuer,',
    with: '',
    kills: { spec: 'test/reference-op/demo/shop/shop.controller.spec.ts', test: 'rejects another iss' },
  },
  {
    name: 'shop-logout-token-with-nonce',
    file: 'src/reference-op/demo/shop/shop-client.ts',
    replace: "if ('nonce' in payload) throw new Error('the logout token has a nonce');",
    with: '',
    kills: { spec: 'test/reference-op/demo/shop/shop.controller.spec.ts', test: 'rejects a nonce' },
  },
  {
    name: 'shop-logout-token-of-another-event',
    file: 'src/reference-op/demo/shop/shop-client.ts',
    replace: "throw new Error('the token is not a logout token');",
    with: '{ /* accepted */ }',
    kills: { spec: 'test/reference-op/demo/shop/shop.controller.spec.ts', test: 'rejects another event' },
  },
  {
    name: 'shop-logout-token-again',
    file: 'src/reference-op/demo/shop/shop-client.ts',
    replace: "throw new Error('the jti of the logout token was used before');",
    with: 'this.accepted.clear();',
    kills: {
      spec: 'test/reference-op/demo/shop/shop.controller.spec.ts',
      test: 'a token that arrives again does not end a newer session',
    },
  },
  {
    name: 'demo-answers-of-other-providers',
    file: 'src/reference-op/demo/sign-in-routes.ts',
    replace: "!pending || reply.get('iss') !== this.options.issuer",
    with: '!pending',
    kills: {
      spec: 'test/reference-op/demo/shop/shop.controller.spec.ts',
      test: '/demo takes an answer only from its own provider',
    },
  },
  {
    name: 'shop-page-delays-the-end',
    file: 'src/reference-op/demo/shop/shop-sessions.ts',
    replace: 'response.end();',
    with: 'void response;',
    kills: {
      spec: 'test/reference-op/demo/shop/shop.controller.spec.ts',
      test: 'a page that waits does not delay the end of the server',
    },
  },
];
