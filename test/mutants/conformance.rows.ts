import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'conformance-without-control',
    file: 'src/conformance/control.ts',
    replace: 'status === 204 || status === 404',
    with: 'status > 0',
    kills: { spec: 'test/conformance/other-servers.spec.ts', test: 'always 400' },
  },
  {
    name: 'conformance-fails-what-is-limited',
    file: 'src/conformance/http.ts',
    replace: 'answer.status === 429',
    with: 'answer.status < 0',
    kills: { spec: 'test/conformance/limited-servers.spec.ts', test: 'not tested, never failed' },
  },
];
