import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'ports-are-sources',
    file: 'src/module/http/source-address.ts',
    replace: 'const { bracketed, v4, bare }',
    with: 'if (isIP(String(text)) === 0) return String(text);\n  const { bracketed, v4, bare }',
    kills: { spec: 'test/module/http/source-address.spec.ts', test: 'another port: counts as one source' },
  },
  {
    name: 'calls-not-counted',
    file: 'src/module/caller/rate-limit.guard.ts',
    replace: 'await this.limits.called(this.trackerOf(context));',
    with: '',
    kills: {
      spec: 'test/module/caller/rate-limits.attacks.spec.ts',
      test: 'stops a compromised caller that names 2,000 users at the limit and records every revocation',
    },
  },
  {
    name: 'ipv6-address-is-a-source',
    file: 'src/module/caller/rate-limits.ts',
    replace: 'IPV6_BYTES = 8',
    with: 'IPV6_BYTES = 16',
    kills: {
      spec: 'test/module/caller/rate-limits.spec.ts',
      test: 'counts all IPv6 addresses of one /64, and both spellings of an IPv4 address, as one source',
    },
  },
  {
    name: 'reason-lost-at-the-limit',
    file: 'src/module/caller/rate-limits.ts',
    replace: '{ ...log, retryAfter: Math.max(1, timeToBlockExpire) }',
    with: '{ retryAfter: Math.max(1, timeToBlockExpire) }',
    kills: {
      spec: 'test/module/caller/rate-limits.spec.ts',
      test: 'logs reason and jti of an assertion over the limit',
    },
  },
];
