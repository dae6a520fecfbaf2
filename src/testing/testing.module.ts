import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSourceOptions } from 'typeorm';

import { GlobalRevocationModule } from 'nestjs-global-revocation';
import {
  dataSourceOptions,
  generateKeys,
  openDataSource,
  OpModule,
  opUsers,
} from 'nestjs-global-revocation-reference-op/op';
import type { AuthorizationServerOptions } from './options.js';

const DAY = 86_400;

/** The OP and the endpoint, with temporary keys. */
@Module({})
export class TestingModule {
  static forRoot(issuer: string, databaseUrl: string, options: AuthorizationServerOptions): DynamicModule {
    const { path, unknownSubject, ttl } = options;
    return {
      module: TestingModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ ...dataSourceOptions(databaseUrl), retryAttempts: 0 }),
          dataSourceFactory: (given) => openDataSource(given as DataSourceOptions),
        }),
        GlobalRevocationModule.forRoot({
          issuer,
          users: opUsers(issuer),
          rateLimits: { failures: false, calls: false, total: false, records: false },
          isGlobal: true,
          ...(path !== undefined && { path }),
          ...(unknownSubject !== undefined && { unknownSubject }),
        }),
        OpModule.forRootAsync({
          async useFactory() {
            const { signing: signingKeys, cookies: cookieKeys, storage } = await generateKeys();
            const storageKey = new Uint8Array(Buffer.from(storage, 'base64url'));
            const lifetimes = { accessToken: 3600, refreshToken: 14 * DAY, session: 14 * DAY, ...ttl };
            return { issuer, signingKeys, cookieKeys, storageKey, ttl: lifetimes };
          },
        }),
      ],
    };
  }
}
