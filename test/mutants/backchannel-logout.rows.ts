import type { Mutant } from './mutant.js';

const MODULE = 'test/module/backchannel-logout/backchannel-logout.spec.ts';
const SERVER = 'test/e2e/backchannel-logout.spec.ts';

export const rows: readonly Mutant[] = [
  {
    name: 'late-logout-ends-newer-sessions',
    file: 'src/module/backchannel-logout/backchannel-logout.ts',
    replace: '!hasNewer && !client.needsSid',
    with: '!client.needsSid',
    kills: { spec: MODULE, test: 'a repetition has another jti, and ends only old sessions after a new sign-in' },
  },
  {
    name: 'all-sessions-of-a-user-at-once',
    file: 'src/module/backchannel-logout/backchannel-logout.ts',
    replace: 'const AT_ONCE = 20;',
    with: 'const AT_ONCE = 2000;',
    kills: {
      spec: MODULE,
      test: 'opens at most 20 connections to a relying party at once, however many sessions the user had',
    },
  },
  {
    name: 'identity-providers-hear-of-themselves',
    file: 'src/module/backchannel-logout/backchannel-logout.ts',
    replace: 'told.filter(({ id }) => id !== by)',
    with: 'told',
    kills: { spec: MODULE, test: 'the identity provider whose logout token caused it is not told' },
  },
  {
    name: 'clients-with-the-id-of-an-identity-provider',
    file: 'src/module/backchannel-logout/backchannel-logout.ts',
    replace: 'manager.findOneBy(Revocation, { id, method })',
    with: 'manager.findOneBy(Revocation, { id })',
    kills: { spec: MODULE, test: 'a client that has revoked the user itself is told' },
  },
  {
    name: 'nothing-sent-is-delivered',
    file: 'src/module/backchannel-logout/backchannel-logout.ts',
    replace: 'if (tokens.length > 0)',
    with: 'if (tokens.length >= 0)',
    kills: { spec: MODULE, test: 'a token that would end a newer session is not sent if no session id is known' },
  },
  {
    name: 'participants-go-with-their-sessions',
    file: 'src/module/backchannel-logout/participants.ts',
    replace: 'const KEPT_MS = 86_400_000;',
    with: 'const KEPT_MS = 0;',
    kills: { spec: MODULE, test: 'for a day longer than their sessions, and then no more' },
  },
  {
    name: 'participants-of-requests-nobody-approved',
    file: 'src/module/oidc-provider/remembered-participants.ts',
    replace: 'payload.grantId === undefined ? [] : itself(payload)',
    with: 'itself(payload)',
    kills: { spec: MODULE, test: 'when a CIBA request is approved' },
  },
  {
    name: 'adopted-sessions-have-no-participants',
    file: 'src/module/oidc-provider/remembered-participants.ts',
    replace: 'if (!hasPrevious) return adapter;',
    with: 'if (!hasPrevious || model) return adapter;',
    kills: { spec: MODULE, test: 'when a session of a previous adapter is presented' },
  },
  {
    name: 'logout-tokens-with-another-subject',
    file: 'src/module/oidc-provider/provider-relying-parties.ts',
    replace: 'token.mask = { sub: null };',
    with: 'token.mask = {};',
    kills: {
      spec: MODULE,
      test: 'tells each relying party of the user with a token for all sessions, without sid and nonce',
    },
  },
  {
    name: 'sign-outs-fetch-keys',
    file: 'src/reference-op/op/provider.factory.ts',
    replace: "if (method !== 'POST')",
    with: 'if (method)',
    kills: { spec: SERVER, test: 'a sign-out at the provider ends the sessions too' },
  },
  {
    name: 'metadata-without-back-channel-logout',
    file: 'src/reference-op/op/provider.factory.ts',
    replace: 'backchannelLogout: { enabled: options.backchannelLogout ?? false }',
    with: 'backchannelLogout: { enabled: false }',
    kills: { spec: SERVER, test: 'is announced in the metadata' },
  },
];
