import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'adapter-for-the-last-caller-only',
    file: 'src/module/http/adapter-host.ts',
    replace: '[host, Object.getPrototypeOf(host) as object]',
    with: '[Object.getPrototypeOf(host) as object]',
    kills: { spec: 'test/module/http/adapter-host.spec.ts', test: 'every caller gets it, in order' },
  },
  {
    name: 'served-metadata-hides-a-route',
    file: 'src/module/startup/metadata-checks.ts',
    replace: 'hasGetRoute(adapter, path)',
    with: 'hasGetRoute(adapter, path) && path === adapter.getType()',
    kills: {
      spec: 'test/module/endpoint/well-known-documents.spec.ts',
      test: 'a route of the host at the same path prevents startup, and the message names the fix',
    },
  },
  {
    name: 'throttled-endpoint',
    file: 'src/module/startup/guard-checks.ts',
    replace: 'guards.filter(isThrottler)',
    with: 'guards.slice(0, 0).filter(isThrottler)',
    kills: { spec: 'test/module/endpoint/well-known-documents.spec.ts', test: 'without SkipThrottle warns' },
  },
  {
    name: 'guards-without-the-gate',
    file: 'src/module/http/http-adapter.ts',
    replace: 'if (!isOurs(request.routeOptions.url) && !isOurs(request.raw.url)) return',
    with: 'if (!isOurs(request.raw.url)) return',
    kills: { spec: 'test/module/endpoint/endpoint.past-the-gate.spec.ts', test: 'useSemicolonDelimiter' },
  },
  {
    name: 'fragments-are-paths',
    file: 'src/module/endpoint/request-head.ts',
    replace: "if (url.includes('#')) return 'requestTarget';",
    with: '',
    kills: { spec: 'test/module/endpoint/endpoint.past-the-gate.spec.ts', test: 'a fragment on express' },
  },
  {
    name: 'first-charset-counts',
    file: 'src/module/endpoint/json-type.ts',
    replace: 'charsets.every(',
    with: 'charsets.slice(0, 1).every(',
    kills: {
      spec: 'test/module/endpoint/request-head.content-type.spec.ts',
      test: 'application/json; charset=utf-8; charset=utf-16',
    },
  },
  {
    name: 'body-read-before-is-waited-for',
    file: 'src/module/endpoint/request-body.ts',
    replace: 'request.readableEnded',
    with: 'request.readableEnded && bytesReadBefore(request)',
    kills: {
      spec: 'test/module/endpoint/request-body.spec.ts',
      test: 'returns 503 at once and revokes nobody when a parser has consumed the body',
    },
  },
  {
    name: 'caller-in-spans',
    file: 'src/module/endpoint/endpoint-observer.ts',
    replace: "'gtr.method': event['gtr.method'],",
    with: `'gtr.method': event['gtr.method'],
    'user.id': event['user.id'],`,
    kills: {
      spec: 'test/module/http/tracing.spec.ts',
      test: 'a revocation makes a request span with spans for look-up and revocation, without naming a user',
    },
  },
  {
    name: 'middleware-on-the-declared-path',
    file: 'src/module/http/endpoint-route.ts',
    replace: 'this.paths().map((each) => requestPath(each))',
    with: "['/global-token-revocation']",
    kills: { spec: 'test/module/global-revocation.module.composed.spec.ts', test: 'with global prefix form' },
  },
  {
    name: 'two-content-types',
    file: 'src/module/endpoint/request-head.ts',
    replace: 'more.length > 0 || !isJsonType(type)',
    with: '!isJsonType(type)',
    kills: {
      spec: 'test/module/endpoint/request-head.content-type.spec.ts',
      test: 'two headers, application/json and text/plain',
    },
  },
  {
    name: 'answers-left-to-interceptors',
    file: 'src/module/endpoint/global-revocation.controller.ts',
    edits: [
      { replace: 'writeNoContent(takeOver(response), this.states.location(context.steps.caller!, id));', with: '' },
      {
        replace: 'async revoke(@Req() request: AdapterRequest, @Res() response: AdapterResponse): Promise<void> {',
        with: 'async revoke(@Req() request: AdapterRequest): Promise<void> {',
      },
    ],
    kills: {
      spec: 'test/module/global-revocation.module.composed.spec.ts',
      test: 'with an interceptor that wraps every answer',
    },
  },
  {
    name: 'refusals-of-guards-left-to-the-host',
    file: 'src/module/endpoint/provided.ts',
    replace: 'Catch(Unanswered)',
    with: 'Catch(RevocationError)',
    kills: {
      spec: 'test/module/endpoint/provided.spec.ts',
      test: 'a failing guard gives our 503, and only the event has the cause',
    },
  },
  {
    name: 'callers-answer-ignored',
    file: 'src/module/endpoint/refusal.ts',
    replace: '(caller?.restrictions?.unknownSubject ?? unknownSubject)',
    with: 'unknownSubject',
    kills: {
      spec: 'test/module/subject/caller-restrictions.spec.ts',
      test: 'applies the answer configured for the caller instead of the one of the server',
    },
  },
  {
    name: 'identifier-not-validated',
    file: 'src/module/endpoint/revocation-request.ts',
    replace: "@OrRefuse('invalidIdentifier', ({ identifier }) => identifier !== undefined)",
    with: '',
    kills: {
      spec: 'test/module/endpoint/revocation-request.identifiers.spec.ts',
      test: 'returns 400 with the reason for',
    },
  },
  {
    name: 'format-not-validated',
    file: 'src/module/endpoint/revocation-request.ts',
    replace: "@OrRefuse('unsupportedFormat', ({ identifier }) => identifier !== UNSUPPORTED)",
    with: '',
    kills: {
      spec: 'test/module/endpoint/revocation-request.identifiers.spec.ts',
      test: 'returns 400 with the reason for',
    },
  },
  {
    name: 'subject-member-always-accepted',
    file: 'src/module/endpoint/revocation-request.ts',
    replace: "acceptSubjectMember ? ['sub_id', 'subject'] : ['sub_id']",
    with: "['sub_id', 'subject']",
    kills: {
      spec: 'test/module/endpoint/revocation-request.identifiers.spec.ts',
      test: 'because only sub_id is allowed',
    },
  },
  {
    name: 'subject-member-not-compared',
    file: 'src/module/endpoint/revocation-request.ts',
    replace:
      "if (!more.every((value) => isDeepStrictEqual(value, first))) throw new RevocationError('differentSubjects');",
    with: '',
    kills: { spec: 'test/module/endpoint/revocation-request.identifiers.spec.ts', test: 'acceptSubjectMember' },
  },
  {
    name: 'names-may-repeat',
    file: 'src/module/endpoint/strict-json.ts',
    replace: 'if (open.at(-1)!.has(name)) throw new Refused();',
    with: '',
    kills: {
      spec: 'test/module/endpoint/strict-json.spec.ts',
      test: 'returns undefined for a duplicate name in any spelling at any level',
    },
  },
  {
    name: 'published-path-is-the-declared',
    file: 'src/module/http/endpoint-route.ts',
    replace: 'this.paths()[0]!',
    with: '`/${this.declaration.path}`',
    kills: {
      spec: 'test/module/global-revocation.module.composed.spec.ts',
      test: 'with global prefix the published URL answers',
    },
  },
  {
    name: 'state-for-any-caller',
    file: 'src/module/endpoint/revocation-states.ts',
    edits: [
      {
        replace: 'this.sealer.seal(time + revocationId, caller.id)',
        with: "this.sealer.seal(time + revocationId, '')",
      },
      { replace: 'this.sealer!.open(id, caller.id)', with: "this.sealer!.open(id, '')" },
    ],
    kills: {
      spec: 'test/module/endpoint/revocation-states.spec.ts',
      test: 'another caller, a changed address and one of four weeks ago get the same 404',
    },
  },
  {
    name: 'state-of-nobody-is-another',
    file: 'src/module/endpoint/revocation-states.ts',
    replace: 'revocationId: string = randomUUID()',
    with: "revocationId = ''",
    kills: {
      spec: 'test/module/endpoint/revocation-states.spec.ts',
      test: 'a user without recipients and an unknown user have the same answers',
    },
  },
  {
    name: 'unknown-user-without-a-state',
    file: 'src/module/endpoint/refusal.filter.ts',
    replace: 'this.states.location(caller)',
    with: '{}',
    kills: {
      spec: 'test/module/endpoint/revocation-states.spec.ts',
      test: 'a user without recipients and an unknown user have the same answers',
    },
  },
  {
    name: 'state-read-in-quadratic-time',
    file: 'src/module/http/request-target.ts',
    replace: "return path.replace(/\\/$/, '').split('/').at(-1)!;",
    with: 'return /([^/]*)\\/?$/.exec(path)![1]!;',
    kills: {
      spec: 'test/module/http/request-target.spec.ts',
      test: 'a long host name does not take long to read',
    },
  },
  {
    name: 'states-for-ever',
    file: 'src/module/endpoint/revocation-states.ts',
    replace: 'created_at + LIFETIME_SECONDS > seconds(Date.now())',
    with: 'created_at > 0',
    kills: {
      spec: 'test/module/endpoint/revocation-states.spec.ts',
      test: 'another caller, a changed address and one of four weeks ago get the same 404',
    },
  },
  {
    name: 'states-in-caches',
    file: 'src/module/http/json-answer.ts',
    replace: "'Cache-Control': 'no-store',",
    with: '',
    kills: {
      spec: 'test/module/endpoint/revocation-states.spec.ts',
      test: 'a user without recipients and an unknown user have the same answers',
    },
  },
  {
    name: 'proof-for-any-state',
    file: 'src/module/caller/access-token/bearer.strategy.ts',
    replace: 'stateId === undefined ? this.route.url() : this.route.stateUrl(stateId)',
    with: 'stateId === undefined ? this.route.url() : this.route.url()',
    kills: {
      spec: 'test/module/endpoint/revocation-states.spec.ts',
      test: 'a proof names the address',
    },
  },
];
