import type { AdapterPayload } from 'oidc-provider';
import { oidcAdapters } from '../../src/module/oidc-provider/oidc-adapters.js';
import { OidcRecordAdapter } from '../../src/module/oidc-provider/oidc-record.adapter.js';
import { connectProvider } from '../../src/module/oidc-provider/provider-hooks.js';
import { AccessTokens } from '../../src/module/caller/access-token/access-tokens.js';
import { NotificationPost } from '../../src/module/notifications/notification-post.js';
import { RemoteJwks } from '../../src/module/caller/keys/remote-jwks.js';
import { OidcRevocation } from '../../src/module/oidc-provider/oidc-revocation.service.js';
import { RevocationMetadata } from '../../src/module/endpoint/revocation-metadata.js';
import { AccountsService } from '../../src/reference-op/op/accounts.service.js';
import { OIDC_ADAPTERS, OIDC_PROVIDER, OP_OPTIONS, type OpOptions } from '../../src/reference-op/op/op.options.js';
import { createProvider, type ProviderParts } from '../../src/reference-op/op/provider.factory.js';
import { SubjectEpochs, subjectKey } from '../../src/module/revocation/subject-epochs.js';
import { StatusLists } from '../../src/module/status-list/status-lists.js';
import { withAdapters } from './adapters.js';
import type { ServerOptions } from './server.js';

type Builder = Parameters<NonNullable<ServerOptions['override']>>[0];

/**
 * What a race is run against. As shipped three things refuse: the epoch a token inherits, the epoch of the grant it
 * belongs to, and the last look before an answer leaves. The latter two hide what the first lets through; `epoch` has
 * only that one, and `control` is `epoch` with one line changed. `moving` is as shipped, and what is in flight is still in the
 * adapter that the provider had before.
 */
export type Design = 'shipped' | 'epoch' | 'control' | 'moving';

/** Accepts the grant of a token whatever its epoch. */
class EpochAlone extends OidcRecordAdapter {
  override find(id: string): Promise<AdapterPayload | undefined> {
    return this.kind === 'Grant' ? this.findDead(id) : super.find(id);
  }
}

/** A token carries the epoch as it stands when the token is made: the design that loses the race. */
const control = (epochs: SubjectEpochs): typeof OidcRecordAdapter =>
  class extends EpochAlone {
    protected override epochToInherit = async (key: string) => (await epochs.currentOf([key])).get(key)!;
  };

/** How a server of this design is made. */
export const overrideFor = (design: Exclude<Design, 'moving'>): Pick<ServerOptions, 'override'> =>
  design === 'shipped' ? {} : { override: (builder) => withoutLastLook(design, withRecords(design)(builder)) };

const withRecords = (design: 'epoch' | 'control') =>
  withAdapters((options, epochs) => oidcAdapters(options, design === 'control' ? control(epochs) : EpochAlone));

/** A JWT refers to the epoch as it stands when the token is made. */
const controlFormats = (epochs: SubjectEpochs, lists: StatusLists): OidcRevocation['formats'] => ({
  customizers: {
    async jwt(_ctx, token, { payload }) {
      const { accountId } = token as { accountId: string };
      const key = subjectKey(accountId);
      payload['status'] = await lists.referenceFor(accountId, (await epochs.currentOf([key])).get(key)!);
    },
  },
});

const withoutLastLook = (design: Design, builder: Builder): Builder =>
  builder.overrideProvider(OIDC_PROVIDER).useFactory({
    factory: (
      options: OpOptions,
      adapters: ProviderParts['adapters'],
      accounts: AccountsService,
      metadata: RevocationMetadata,
      accessTokens: AccessTokens,
      remoteJwks: RemoteJwks,
      post: NotificationPost,
      revocation: OidcRevocation,
      lists: StatusLists,
      current: SubjectEpochs,
    ) => {
      const epochs = unmoved as unknown as SubjectEpochs;
      const sessions = { haveEnded: async () => false };
      const { assertJwtClientAuthClaimsAndHeader } = revocation;
      const formats = design === 'control' ? controlFormats(current, lists) : revocation.formats;
      const connect: OidcRevocation['connect'] = (provider) =>
        connectProvider(provider, { epochs, sessions, metadata, accessTokens });
      return createProvider({
        options,
        adapters,
        accounts,
        remoteJwks,
        post,
        revocation: { assertJwtClientAuthClaimsAndHeader, connect, formats },
      });
    },
    inject: [
      ...[OP_OPTIONS, OIDC_ADAPTERS, AccountsService, RevocationMetadata, AccessTokens],
      ...[RemoteJwks, NotificationPost, OidcRevocation],
      ...[StatusLists, SubjectEpochs],
    ],
  });

/** Epochs in which nothing ever happened. */
const unmoved: Pick<SubjectEpochs, 'areLive'> = { areLive: async () => true };
