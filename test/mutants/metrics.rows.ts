import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'any-value-is-a-label',
    file: 'src/module/metrics/bounded-label.ts',
    replace: 'values.has(value) ? value : OTHER',
    with: 'values.size === 0 ? OTHER : value',
    kills: { spec: 'test/module/metrics/metrics.traffic.spec.ts', test: 'hostile values' },
  },
  {
    name: 'metrics-for-everybody',
    file: 'src/reference-op/metrics/metrics-access.ts',
    replace: '!production && isLoopback(request.socket.remoteAddress)',
    with: 'isLoopback(request.socket.remoteAddress)',
    kills: {
      spec: 'test/module/metrics/metrics.traffic.spec.ts',
      test: 'with production true, a request from 127.0.0.1',
    },
  },
  {
    name: 'metrics-token-not-compared',
    file: 'src/reference-op/metrics/metrics-access.ts',
    replace: "isSameSecret(presented, token) ? 'allowed' : 'unauthorized'",
    with: "isSameSecret(presented, token) || presented.length > 0 ? 'allowed' : 'unauthorized'",
    kills: { spec: 'test/module/metrics/metrics.traffic.spec.ts', test: 'requires the token and accepts it' },
  },
];
