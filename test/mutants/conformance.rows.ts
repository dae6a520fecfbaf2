import type { Mutant } from './mutant.js';

export const rows: readonly Mutant[] = [
  {
    name: 'conformance-without-control',
    file: 'src/conformance/control.ts',
    replace: 'status === 204 || status === 404',
    with: 'status > 0',
    kills: { spec: 'test/conformance/run.other-servers.spec.ts', test: 'always 400' },
  },
  {
    name: 'conformance-fails-what-is-limited',
    file: 'src/conformance/http.ts',
    replace: 'answer.status === 429',
    with: 'answer.status < 0',
    kills: {
      spec: 'test/conformance/patience.spec.ts',
      test: 'reports not tested instead of failed when Retry-After is',
    },
  },
  {
    name: 'conformance-without-needs',
    file: 'src/conformance/run.ts',
    replace: 'missing.length > 0',
    with: 'missing.length > 99',
    kills: { spec: 'test/conformance/run.other-servers.spec.ts', test: 'not tested, without a request' },
  },
  {
    name: 'conformance-fails-a-may',
    file: 'src/conformance/run.ts',
    replace: "level === 'MUST'",
    with: "level !== 'SHOULD'",
    kills: {
      spec: 'test/conformance/run.other-servers.spec.ts',
      test: 'a grant that the server does not offer makes a requirement not tested',
    },
  },
  {
    name: 'conformance-part-of-a-section-number',
    file: 'src/conformance/selection.ts',
    replace: '!/[\\da-z]/.test(own.charAt(wanted.length))',
    with: 'true',
    kills: { spec: 'test/conformance/selection.spec.ts', test: 'RFC 949' },
  },
  {
    name: 'conformance-answer-commands-the-terminal',
    file: 'src/conformance/outcome.ts',
    replace: "text.replaceAll(/[^\\P{C}\\n]/gu, '�')",
    with: 'text',
    kills: { spec: 'test/conformance/report/junit.spec.ts', test: 'control characters in an answer' },
  },
  {
    name: 'conformance-page-of-the-server',
    file: 'src/conformance/report/html.ts',
    replace: '<dd>${escape(value)}</dd>',
    with: '<dd>${value}</dd>',
    kills: { spec: 'test/conformance/report/html.spec.ts', test: 'text of the server' },
  },
  {
    name: 'conformance-logout-token-with-a-nonce',
    file: 'src/conformance/requirements/backchannel-logout.ts',
    replace: "expectThat(nonce === undefined, 'it has a nonce');",
    with: '',
    kills: {
      spec: 'test/conformance/requirements/backchannel-logout.spec.ts',
      test: '2.4 (b) of a token with {"nonce":"n"}',
    },
  },
  {
    name: 'conformance-logout-token-with-null',
    file: 'src/conformance/requirements/backchannel-logout.ts',
    replace: ' && event !== null',
    with: '',
    kills: {
      spec: 'test/conformance/requirements/backchannel-logout.spec.ts',
      test: 'backchannel-logout":null}}: failed',
    },
  },
  {
    name: 'conformance-event-of-another-audience',
    file: 'src/conformance/signal-stream.ts',
    replace: 'isDeepStrictEqual(aud, this.audience)',
    with: 'aud !== undefined',
    kills: {
      spec: 'test/conformance/requirements/shared-signals.spec.ts',
      test: 'a verification of another transmitter with {"aud":"other"}',
    },
  },
];
