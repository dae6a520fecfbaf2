import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'strangers-with-the-adapter',
    file: 'src/module/oidc-provider/oidc-revocation.service.ts',
    replace: '!hasPassedHooks(request)',
    with: 'hasPassedHooks(request)',
    kills: {
      spec: 'test/module/oidc-provider/oidc-revocation.service.connect.spec.ts',
      test: 'a second provider with the adapter that is not connected causes one warning',
    },
  },
  {
    name: 'callback-before-connect',
    file: 'src/module/oidc-provider/provider-checks.ts',
    replace: "if (provider.listeners('error').some((each) => each === provider.onerror)) {",
    with: "if (provider.listenerCount('error') < 0) {",
    kills: {
      spec: 'test/module/oidc-provider/oidc-revocation.service.connect.spec.ts',
      test: 'callback() before connect() prevents startup',
    },
  },
  {
    name: 'unbound-registration-tokens',
    file: 'src/module/oidc-provider/oidc-revocation.service.ts',
    replace: 'if (this.connected.some(hasUnboundTokens)) {',
    with: 'if (this.connected.length > 1) {',
    kills: {
      spec: 'test/module/oidc-provider/oidc-revocation.service.connect.spec.ts',
      test: 'tokens of registrations cause a warning unless they are bound to people: false',
    },
  },
  {
    name: 'clients-that-hang-up-are-faults',
    file: 'src/module/oidc-provider/epoch-context.ts',
    replace: "if (context?.isAborted) throw new errors.OIDCProviderError(400, 'request_aborted');",
    with: '',
    kills: { spec: 'test/reference-op/op/op.disconnected.spec.ts', test: 'a sign-in whose client hangs up' },
  },
  {
    name: 'adapter-without-its-entity',
    file: 'src/module/oidc-provider/oidc-adapters.ts',
    replace: 'options.dataSource.hasMetadata(OidcRecord)',
    with: 'options.dataSource',
    kills: { spec: 'test/module/migrations/migrations.beside-a-host.spec.ts', test: 'core alone' },
  },
  {
    name: 'late-result-revives-a-request',
    file: 'src/module/oidc-provider/backchannel.adapter.ts',
    replace: 'if (payload.accountId === undefined || !hasResult) return super.upsert(id, payload, expiresIn);',
    with: 'if (!hasResult || id) return super.upsert(id, payload, expiresIn);',
    kills: {
      spec: 'test/module/oidc-provider/oidc-record.adapter.rules.spec.ts',
      test: 'does not revive a revoked request, swept or not, with a grant',
    },
  },
  {
    name: 'replay-written-over',
    file: 'src/module/oidc-provider/oidc-adapters.ts',
    replace: 'new ReplayAdapter(model, store, sealer, INSERT_ONCE, onRevokedUse, previous)',
    with: 'new ReplayAdapter(model, store, sealer, upsertSql, onRevokedUse, previous)',
    kills: {
      spec: 'test/module/oidc-provider/oidc-adapters.single-use.spec.ts',
      test: 'R9: of two requests that both found the proof unused, the second is rejected',
    },
  },
  {
    name: 'epoch-of-a-consumed-record',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    replace: 'row.subjectKey !== null && !expired && !consumed',
    with: 'row.subjectKey !== null',
    kills: {
      spec: 'test/module/oidc-provider/oidc-record.adapter.rules.spec.ts',
      test: 'R1: a consumed record passes on no epoch',
    },
  },
  {
    name: 'epoch-of-a-dead-record',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    edits: [
      { replace: '!row || this.hasEnded(row)', with: '!row' },
      {
        replace: 'if (row.subjectKey !== null && !expired && !consumed) this.passOn(row.subjectKey, row, payload);',
        with: `if (row.subjectKey !== null && !expired && !consumed) this.passOn(row.subjectKey, row, payload);
    if (this.hasEnded(row)) return undefined;`,
      },
    ],
    kills: {
      spec: 'test/module/oidc-provider/oidc-record.adapter.rules.spec.ts',
      test: 'R1: a new sign-in over a revoked session saves a live session',
    },
  },
  {
    name: 'expired-session-is-saved',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    replace: 'if (expired && savedAgain.has(this.kind)) return undefined;',
    with: '',
    kills: {
      spec: 'test/reference-op/op/op.sessions.spec.ts',
      test: '/session/end gets the same answer with and without a revocation',
    },
  },
  {
    name: 'family-outlives-a-simultaneous-use',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    replace: 'if (row) await this.endGrant(this.open(row).grantId);',
    with: '',
    kills: {
      spec: 'test/module/oidc-provider/oidc-record.adapter.used-at-once.spec.ts',
      test: 'a refresh token loaded by both uses',
    },
  },
  {
    name: 'grant-outlives-a-simultaneous-use',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    replace: "grantId === undefined || (await this.store.change(DESTROY, [keyOf('Grant', grantId)])) === 0",
    with: 'grantId === undefined',
    kills: {
      spec: 'test/module/oidc-provider/oidc-record.adapter.used-at-once.spec.ts',
      test: 'a refresh token loaded by both uses',
    },
  },
  {
    name: 'lost-answer-ends-the-family',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    replace: 'if (row?.usedBy === usedBy) return;',
    with: '',
    kills: {
      spec: 'test/module/oidc-provider/oidc-record.adapter.rules.spec.ts',
      test: 'R9: a use repeated after a lost answer',
    },
  },
  {
    name: 'oldest-session-of-a-uid',
    file: 'src/module/oidc-provider/record-statements.ts',
    replace: 'ORDER BY r.saved_at DESC LIMIT 1',
    with: 'ORDER BY r.saved_at LIMIT 1',
    kills: {
      spec: 'test/module/oidc-provider/oidc-adapters.contract.spec.ts',
      test: 'finds the record saved last when several share it',
    },
  },
  {
    name: 'metadata-in-an-error-answer',
    file: 'src/module/oidc-provider/provider-hooks.ts',
    replace: "routeOf(ctx as Koa) !== 'discovery' || ctx.status !== 200",
    with: "routeOf(ctx as Koa) !== 'discovery'",
    kills: {
      spec: 'test/module/oidc-provider/oidc-revocation.service.connect.spec.ts',
      test: 'a discovery answer with status 500',
    },
  },
  {
    name: 'registration-without-a-place',
    file: 'src/module/oidc-provider/provider-checks.ts',
    replace: "if (hasRoute(provider, 'registration')",
    with: 'if (false',
    kills: {
      spec: 'test/module/oidc-provider/oidc-revocation.service.connect.spec.ts',
      test: 'dynamic registration prevents startup',
    },
  },
  {
    name: 'pre-authorized-codes-elsewhere',
    file: 'src/module/oidc-provider/provider-checks.ts',
    replace: "  'PreAuthorizedCode',\n",
    with: '',
    kills: {
      spec: 'test/module/oidc-provider/oidc-revocation.service.connect.spec.ts',
      test: 'PreAuthorizedCode kept elsewhere',
    },
  },
  {
    name: 'ids-not-hashed',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    replace: 'sha256Hex(`${kind}:${id}`)',
    with: '`${kind}:${id}`',
    kills: { spec: 'test/e2e/pass-the-hash.spec.ts', test: 'contains no token, code, cookie, secret or password' },
  },
  {
    name: 'older-storage-key-not-looked-up',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    replace: 'const keys = this.lookupKeys(uid);',
    with: 'const keys = this.lookupKeys(uid).slice(0, 1);',
    kills: {
      spec: 'test/reference-op/keys.rotation.spec.ts',
      test: 'replacing them step by step keeps old tokens and sessions valid',
    },
  },
  {
    name: 'payload-not-sealed',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    edits: [
      { replace: 'this.sealer.seal(JSON.stringify(payload), idHash)', with: 'JSON.stringify(payload)' },
      { replace: 'this.sealer.open(row.payload, row.idHash)', with: 'row.payload' },
    ],
    kills: { spec: 'test/e2e/pass-the-hash.spec.ts', test: 'contains no token, code, cookie, secret or password' },
  },
  {
    name: 'current-epoch-without-a-context',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    edits: [
      { replace: 'inheritEpochByKey, inheritedEpoch', with: 'inheritedEpochs, inheritEpochByKey' },
      {
        replace: `protected epochToInherit(key: string): number | Promise<number> {
    return inheritedEpoch(key);`,
        with: `protected async epochToInherit(key: string): Promise<number> {
    const sql = 'SELECT epoch FROM gtr_subject_epoch WHERE subject_hash = ?';
    const [row] = await this.store.rows<{ epoch: number }>(sql, [key]);
    return inheritedEpochs().get(key) ?? Number(row!.epoch);`,
      },
    ],
    kills: {
      spec: 'test/e2e/every-call.spec.ts',
      test: 'cannot save for alice in a request without her sign-in or credential',
    },
  },
  {
    name: 'revoked-use-not-told',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    replace: 'this.onRevokedUse(this.kind)',
    with: 'return true',
    kills: {
      spec: 'test/module/metrics/metrics.traffic.spec.ts',
      test: 'counts and logs uses of revoked credentials, and ignores live and made-up ones',
    },
  },
  {
    name: 'epoch-read-at-save',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    replace: `protected epochToInherit(key: string): number | Promise<number> {
    return inheritedEpoch(key);`,
    with: `protected async epochToInherit(key: string): Promise<number> {
    const sql = 'SELECT epoch FROM gtr_subject_epoch WHERE subject_hash = ?';
    const [row] = await this.store.rows<{ epoch: number }>(sql, [key]);
    return Number(row!.epoch);`,
    kills: {
      spec: 'test/e2e/every-call.spec.ts',
      test: 'code: nothing of alice survives a revocation just before every call',
    },
  },
  {
    name: 'user-codes-in-clear',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    replace: 'this.sealer.hashes(`${this.kind}:${value}`)',
    with: '[`${this.kind}:${value}`]',
    kills: { spec: 'test/e2e/pass-the-hash.spec.ts', test: 'contains no token, code, cookie, secret or password' },
  },
  {
    name: 'provider-not-checked',
    file: 'src/module/oidc-provider/oidc-revocation.service.ts',
    replace: 'expectRevocable(provider, this.options);',
    with: '',
    kills: {
      spec: 'test/module/oidc-provider/oidc-revocation.service.connect.spec.ts',
      test: 'a provider without the adapter prevents startup',
    },
  },
  {
    name: 'newest-epoch-wins',
    file: 'src/module/oidc-provider/epoch-context.ts',
    replace: 'Math.min(epochs.get(key) ?? epoch, epoch)',
    with: 'Math.max(epochs.get(key) ?? epoch, epoch)',
    kills: {
      spec: 'test/e2e/every-call.spec.ts',
      test: 'a later login inherits the older epoch of a request that read her old session',
    },
  },
  {
    name: 'epoch-context-stays-open',
    file: 'src/module/oidc-provider/epoch-context.ts',
    replace: "response.once('close', () => (context.closed = true));",
    with: '',
    kills: {
      spec: 'test/module/oidc-provider/oidc-record.adapter.rules.spec.ts',
      test: 'R2: work that outlives its response',
    },
  },
  {
    name: 'binding-not-told',
    file: 'src/module/oidc-provider/provider-hooks.ts',
    replace: "{ clientId: token.clientId, scope: token.scope ?? '', cnf, ...subject }",
    with: "{ clientId: token.clientId, scope: token.scope ?? '', ...subject }",
    kills: { spec: 'test/module/caller/access-token/dpop-proof.spec.ts', test: 'a bound token as a bearer token' },
  },
  {
    name: 'mtls-aliases-replace-the-hosts',
    file: 'src/module/endpoint/revocation-metadata.ts',
    replace: '...document.mtls_endpoint_aliases, ...alias',
    with: '...alias',
    kills: { spec: 'test/module/caller/access-token/token-binding.client-certificates.spec.ts', test: 'the metadata' },
  },
  {
    name: 'no-last-check',
    file: 'src/module/oidc-provider/provider-hooks.ts',
    replace: 'checkOnceMore(provider, connections);',
    with: '',
    kills: {
      spec: 'test/module/oidc-provider/provider-hooks.last-check.spec.ts',
      test: 'userinfo returns 401 invalid_token after a revocation following the last look-up',
    },
  },
  {
    name: 'registration-tokens-of-nobody',
    file: 'src/module/oidc-provider/provider-hooks.ts',
    replace: "[...model.IN_PAYLOAD, 'accountId']",
    with: '[...model.IN_PAYLOAD]',
    kills: {
      spec: 'test/module/oidc-provider/provider-hooks.registration-tokens.spec.ts',
      test: 'R8: rejects an initial access token of a revoked user, but not one without a user',
    },
  },
  {
    name: 'unbound-session-owns-interaction',
    file: 'src/module/oidc-provider/record-model.ts',
    replace: '(session?.uid === undefined ? undefined : session.accountId)',
    with: 'session?.accountId',
    kills: {
      spec: 'test/e2e/people-in-the-middle.spec.ts',
      test: 'bob goes back during the replacement and cancels: the application gets access_denied',
    },
  },
  {
    name: 'consume-unconditional',
    file: 'src/module/oidc-provider/record-statements.ts',
    replace: " AND payload <> '' AND consumed_at IS NULL`",
    with: '`',
    kills: {
      spec: 'test/module/oidc-provider/oidc-record.adapter.rules.spec.ts',
      test: 'R9: of 50 simultaneous uses of one record',
    },
  },
  {
    name: 'missing-epoch-is-live',
    file: 'src/module/revocation/live-epoch.ts',
    replace: 'CASE WHEN ${isFromBefore} THEN ${OF_EVERYBODY} END)',
    with: '${epoch})',
    kills: {
      spec: 'test/module/revocation/subject-epochs.spec.ts',
      test: 'a missing row revokes everything of the user, and a new row does not bring it back',
    },
  },
  {
    name: 'epoch-assigned-last',
    file: 'src/module/oidc-provider/record-statements.ts',
    replace: 'epoch, ...rest.map((column) => `${column} = ${incoming(column)}`)',
    with: '...rest.map((column) => `${column} = ${incoming(column)}`), epoch',
    kills: {
      spec: 'test/module/oidc-provider/oidc-record.adapter.rules.spec.ts',
      test: 'R5: a row that passes to another user gets the epoch of that user',
    },
    databases: 'all',
  },
  {
    name: 'epoch-of-a-record-may-rise',
    file: 'src/module/oidc-provider/record-statements.ts',
    replace: "least(`${TABLE}.epoch`, incoming('epoch'))",
    with: "incoming('epoch')",
    kills: {
      spec: 'test/module/oidc-provider/oidc-record.adapter.rules.spec.ts',
      test: 'R5: saving a row again under a newer epoch keeps its old epoch',
    },
  },
  {
    name: 'epoch-not-compared',
    file: 'src/module/revocation/live-epoch.ts',
    replace: 'COALESCE(${epochOf(key, own)}, CASE',
    with: 'COALESCE(${epochOf(key, epoch)}, CASE',
    kills: {
      spec: 'test/e2e/every-call.spec.ts',
      test: 'refresh: nothing of alice survives a revocation just before every call',
    },
  },
  {
    name: 'sealed-for-any-row',
    file: 'src/module/database/sealer.ts',
    edits: [
      {
        replace: 'createCipheriv(ALGORITHM, this.keys[0]!, iv).setAAD(Buffer.from(row))',
        with: 'createCipheriv(ALGORITHM, this.keys[0]!, iv)',
      },
      {
        replace: 'createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(row))',
        with: 'createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES })',
      },
    ],
    kills: {
      spec: 'test/module/database/sealer.spec.ts',
      test: 'does not open a text of another row or key, or a changed or truncated one',
    },
  },
  {
    name: 'adopted-without-a-second-look',
    file: 'src/module/oidc-provider/adoption.ts',
    replace: 'const still = await previous.find(id);',
    with: 'const still = found;',
    kills: {
      spec: 'test/module/oidc-provider/adoption.spec.ts',
      test: 'a stale adopter does not bring back what was adopted and destroyed in between',
    },
  },
  {
    name: 'adopted-record-left-behind',
    file: 'src/module/oidc-provider/adoption.ts',
    replace: 'if (found) await previous.destroy(idOf(found));',
    with: '',
    kills: {
      spec: 'test/module/oidc-provider/adoption.spec.ts',
      test: 'is found unchanged, moves into the table with epoch 0, and is destroyed where it was',
    },
  },
  {
    name: 'any-claim-is-filled',
    file: 'src/module/oidc-provider/record-statements.ts',
    replace: "WHERE id_hash = ? AND payload = '' AND used_by = ?`",
    with: "WHERE id_hash = ? AND payload = '' AND COALESCE(used_by, ?) IS NOT NULL`",
    kills: { spec: 'test/module/oidc-provider/adoption.spec.ts', test: 'a claim of another adoption is not filled' },
  },
  {
    name: 'claim-is-a-record',
    file: 'src/module/oidc-provider/adoption.ts',
    replace: "row === undefined || row.payload === ''",
    with: 'row === undefined',
    kills: {
      spec: 'test/module/oidc-provider/adoption.spec.ts',
      test: 'a claim that a killed process left is ignored, and the record is adopted',
    },
  },
  {
    name: 'claims-for-ever',
    file: 'src/module/oidc-provider/adoption.ts',
    replace: 'await store.change(DROP_CLAIM, [keyOf(idOf(found)), (Date.now() - CLAIM_MS) * 1000]);',
    with: '',
    kills: {
      spec: 'test/module/oidc-provider/adoption.spec.ts',
      test: 'a claim that a killed process left is ignored, and the record is adopted',
    },
  },
  {
    name: 'claim-without-its-grant',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    replace: "const columns = { ...row, payload: '', used_by: claim };",
    with: "const columns = { ...row, grant_hash: null, payload: '', used_by: claim };",
    kills: {
      spec: 'test/module/oidc-provider/adoption.spec.ts',
      test: 'a grant that ends during the adoption of its token wins',
    },
  },
  {
    name: 'adopted-under-no-epoch-of-before',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    replace: 'accountOf(payload) === undefined ? null : FROM_BEFORE',
    with: 'accountOf(payload) === undefined ? null : -1',
    kills: { spec: 'test/module/oidc-provider/adoption.spec.ts', test: 'children inherit epoch 0' },
  },
  {
    name: 'consumed-there-is-unused-here',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    replace: 'consumedAt: consumed ? at : null',
    with: 'consumedAt: at > 0 ? null : at',
    kills: { spec: 'test/module/oidc-provider/adoption.spec.ts', test: 'one that was consumed there' },
  },
  {
    name: 'destroyed-here-alone',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    replace: `await this.previous?.destroy(id);
    await this.store.change(DESTROY, [this.key(id)]);`,
    with: 'await this.store.change(DESTROY, [this.key(id)]);',
    kills: { spec: 'test/module/oidc-provider/adoption.spec.ts', test: 'that nobody has presented yet are destroyed' },
  },
  {
    name: 'grant-revoked-here-alone',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    replace: 'await this.previous?.revokeByGrantId(grantId);',
    with: '',
    kills: {
      spec: 'test/module/oidc-provider/adoption.spec.ts',
      test: 'that nobody has presented yet end with their grant',
    },
  },
  {
    name: 'grant-ended-here-alone',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    replace: 'if (grantId !== undefined) await this.previous?.endGrant(grantId);',
    with: '',
    kills: {
      spec: 'test/module/oidc-provider/adoption.spec.ts',
      test: 'end with their grant when a sibling is used twice',
    },
  },
  {
    name: 'expired-is-adopted',
    file: 'src/module/oidc-provider/previous-adapter.ts',
    replace: 'payload && (payload.exp === undefined || payload.exp * 1000 > Date.now()) ? payload : undefined',
    with: 'payload || undefined',
    kills: { spec: 'test/module/oidc-provider/adoption.spec.ts', test: 'one that has expired there is not adopted' },
  },
  {
    name: 'jwts-without-epoch-unnoticed',
    file: 'src/module/oidc-provider/provider-hooks.ts',
    replace: '  warnOfJwts(provider);\n',
    with: '',
    kills: {
      spec: 'test/module/oidc-provider/jwt-status.spec.ts',
      test: 'R6: a JWT of a person without the epoch is warned of once',
    },
  },
  {
    name: 'strangers-store-at-any-rate',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    replace: 'if (row.subject_hash === null) await this.strangers?.admit(this.kind);',
    with: '',
    kills: {
      spec: 'test/module/oidc-provider/strangers.spec.ts',
      test: 'GET /session/end from one source beyond 5 a minute is answered 429, and others are served',
    },
  },
  {
    name: 'strangers-store-what-is-large',
    file: 'src/module/oidc-provider/oidc-record.adapter.ts',
    replace: 'if (isNobodys && isTooLong(this.kind, payload)) throw tooLarge();',
    with: '',
    kills: {
      spec: 'test/module/oidc-provider/strangers.spec.ts',
      test: 'GET /session/end a request that is too large is rejected and not stored',
    },
  },
  {
    name: 'strangers-store-for-long',
    file: 'src/module/oidc-provider/strangers.ts',
    replace: 'OF_BROWSERS.has(kind) ? Math.min(expiresIn ?? LIFETIME, LIFETIME) : expiresIn',
    with: 'expiresIn',
    kills: {
      spec: 'test/module/oidc-provider/strangers.spec.ts',
      test: 'no record is long, and no record that a browser made lives for more than an hour',
    },
  },
  {
    name: 'unsaved-session-is-saved-again',
    file: 'src/module/oidc-provider/bad-requests.ts',
    replace: 'this.exp === undefined ? undefined : persist.call(this)',
    with: 'persist.call(this)',
    kills: {
      spec: 'test/module/oidc-provider/bad-requests.spec.ts',
      test: 'a body of any type, with and without cookies',
    },
  },
  {
    name: 'targets-that-form-no-url',
    file: 'src/module/oidc-provider/bad-requests.ts',
    replace: 'if (URL.canParse(ctx.href)) return next();',
    with: 'if (ctx) return next();',
    kills: {
      spec: 'test/module/oidc-provider/bad-requests.spec.ts',
      test: 'a request target and a Host that form no URL',
    },
  },
  {
    name: 'id-token-leaves-after-the-revocation',
    file: 'src/module/oidc-provider/provider-hooks.ts',
    replace: '  authorization: holdBackIdToken,\n',
    with: '',
    kills: {
      spec: 'test/module/oidc-provider/provider-hooks.last-check.spec.ts',
      test: 'no ID token leaves in fragment, wherever in the request the revocation comes',
    },
  },
];
