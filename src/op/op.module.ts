import { Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type OidcAdapters, oidcAdapters } from '../adapters/oidc-provider/oidc-adapters.js';
import { RecordSweep } from '../adapters/oidc-provider/record-sweep.js';
import { AccessTokens } from '../caller/access-tokens.js';
import { ClientRegistry } from '../caller/client-registry.js';
import { DatabaseDeadline } from '../database/deadline.js';
import { RevocationMetadata } from '../discovery/revocation-metadata.js';
import { Sweeper } from '../revocation/sweeper.js';
import { SubjectEpochs } from '../revocation/subject-epochs.js';
import { AccountsService } from './accounts.service.js';
import { opEntities } from './entities.js';
import { InteractionController } from './interaction.controller.js';
import { ConfigurableModuleClass } from './op.module-definition.js';
import { OIDC_ADAPTERS, OIDC_PROVIDER, OP_OPTIONS, type OpOptions } from './op.options.js';
import { createProvider } from './provider.factory.js';

/** Needs a `GlobalRevocationModule` that is global. */
@Module({
  imports: [TypeOrmModule.forFeature(opEntities)],
  controllers: [InteractionController],
  providers: [
    AccountsService,
    {
      provide: OIDC_ADAPTERS,
      useFactory: (
        { storageKey }: OpOptions,
        dataSource: DataSource,
        deadline: DatabaseDeadline,
        clients: ClientRegistry,
        sweeper: Sweeper,
      ): OidcAdapters => {
        sweeper.add(new RecordSweep(dataSource));
        return oidcAdapters({ dataSource, deadline, clients, storageKey });
      },
      inject: [OP_OPTIONS, getDataSourceToken(), DatabaseDeadline, ClientRegistry, Sweeper],
    },
    {
      provide: OIDC_PROVIDER,
      useFactory: (
        options: OpOptions,
        adapters: OidcAdapters,
        accounts: AccountsService,
        epochs: SubjectEpochs,
        metadata: RevocationMetadata,
        accessTokens: AccessTokens,
      ) => createProvider({ options, adapters, accounts, epochs, metadata, accessTokens }),
      inject: [OP_OPTIONS, OIDC_ADAPTERS, AccountsService, SubjectEpochs, RevocationMetadata, AccessTokens],
    },
  ],
  exports: [OP_OPTIONS, OIDC_PROVIDER, OIDC_ADAPTERS, AccountsService],
})
export class OpModule extends ConfigurableModuleClass {}
