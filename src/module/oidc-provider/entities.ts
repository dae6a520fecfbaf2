import type { Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import { CreateOidcRecord1 } from '../migrations/oidc-provider/1-create-oidc-record.js';
import { OidcRecord } from './oidc-record.entity.js';

/** Entities of the adapter, for the host's `DataSource`. @publicApi */
export const oidcProviderEntities: Type[] = [OidcRecord];

/** Migrations that create the tables of {@link oidcProviderEntities}. They run after those of the core. @publicApi */
export const oidcProviderMigrations: Array<Type<MigrationInterface>> = [CreateOidcRecord1];
