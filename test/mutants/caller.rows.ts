import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'flags-as-old-as-the-clock-says',
    file: 'src/module/feature-flags/feature-flags.service.ts',
    edits: [
      { replace: 'performance.now() - this.read.at', with: 'Date.now() - this.read.at' },
      { replace: '{ at: performance.now(),', with: '{ at: Date.now(),' },
    ],
    kills: {
      spec: 'test/module/feature-flags/feature-flags.service.spec.ts',
      test: 'sees what another node switched off although the clock is set back',
    },
  },
  {
    name: 'failures-lock-out',
    file: 'src/module/caller/caller-auth.guard.ts',
    replace: 'RequestContext.of(rawRequest(context)).authenticated(await this.authenticate(context));',
    with: `await this.refused(context, new RevocationError('invalidClient'));
      RequestContext.of(rawRequest(context)).authenticated(await this.authenticate(context));`,
    kills: { spec: 'test/module/caller/rate-limits.attacks.spec.ts', test: '1,000 bad tries' },
  },
  {
    name: 'failures-not-counted',
    file: 'src/module/caller/caller-auth.guard.ts',
    replace: 'if (error instanceof RevocationError && error.status === 401) await this.refused(context, error);',
    with: '',
    kills: {
      spec: 'test/module/caller/rate-limits.spec.ts',
      test: 'returns 429 with Retry-After after too many failures, and still accepts good credentials',
    },
  },
  {
    name: 'failures-of-all-assertions-together',
    file: 'src/module/caller/caller-auth.guard.ts',
    replace: "parseBasicCredentials(authorization)?.id ?? this.assertions.issuerOf(authorization) ?? ''",
    with: "parseBasicCredentials(authorization)?.id ?? ''",
    kills: {
      spec: 'test/module/caller/rate-limits.spec.ts',
      test: 'explains the first bad assertion although tokens of the same source exceeded the limit',
    },
  },
  {
    name: 'credential-behind-a-question-mark',
    file: 'src/module/caller/sent-credentials.ts',
    replace: "[, ...queries] = (request.url ?? '').split('?')",
    with: "queries = [(request.url ?? '').split('?')[1] ?? '']",
    kills: { spec: 'test/module/caller/basic/basic.strategy.spec.ts', test: 'header and ?x=?&access_token=x' },
  },
  {
    name: 'credentials-joined-by-a-proxy',
    file: 'src/module/caller/sent-credentials.ts',
    replace: 'value.split(JOINED)',
    with: '[value]',
    kills: {
      spec: 'test/module/caller/basic/basic.strategy.spec.ts',
      test: 'returns 400 for two credentials in one header: Basic and Bearer',
    },
  },
  {
    name: 'secret-in-the-address',
    file: 'src/module/caller/sent-credentials.ts',
    replace: "'client_secret', 'client_assertion'",
    with: "'client_assertion'",
    kills: { spec: 'test/module/caller/basic/basic.strategy.spec.ts', test: 'header and ?client_id=a&client_secret=b' },
  },
];
