import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BackchannelLogout, NotificationPost, RelyingParties, RemoteJwks } from 'nestjs-global-revocation';
import {
  OIDC_STORAGE_KEY,
  type OidcAdapters,
  OidcRevocation,
  ProviderRelyingParties,
} from 'nestjs-global-revocation/oidc-provider';
import { AccountsService } from './accounts.service.js';
import { opEntities } from './entities.js';
import { InteractionController } from './interaction.controller.js';
import { ConfigurableModuleClass } from './op.module-definition.js';
import { OIDC_ADAPTERS, OIDC_PROVIDER, OP_OPTIONS, type OpOptions } from './op.options.js';
import { createProvider } from './provider.factory.js';
import { SignInTries } from './sign-in-tries.js';

/** The OpenID Provider. Needs a global `GlobalRevocationModule`. */
@Module({
  imports: [TypeOrmModule.forFeature(opEntities)],
  controllers: [InteractionController],
  providers: [
    AccountsService,
    SignInTries,
    { provide: OIDC_STORAGE_KEY, useFactory: ({ storageKey }: OpOptions) => storageKey, inject: [OP_OPTIONS] },
    OidcRevocation,
    { provide: RelyingParties, useClass: ProviderRelyingParties },
    BackchannelLogout,
    { provide: OIDC_ADAPTERS, useFactory: ({ adapter }: OidcRevocation) => adapter, inject: [OidcRevocation] },
    {
      provide: OIDC_PROVIDER,
      useFactory: (
        options: OpOptions,
        adapters: OidcAdapters,
        accounts: AccountsService,
        remoteJwks: RemoteJwks,
        post: NotificationPost,
        revocation: OidcRevocation,
      ) => createProvider({ options, adapters, accounts, remoteJwks, post, revocation }),
      inject: [OP_OPTIONS, OIDC_ADAPTERS, AccountsService, RemoteJwks, NotificationPost, OidcRevocation],
    },
  ],
  exports: [OP_OPTIONS, OIDC_PROVIDER, OIDC_ADAPTERS, AccountsService],
})
export class OpModule extends ConfigurableModuleClass {}
