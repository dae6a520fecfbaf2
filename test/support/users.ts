import { getDataSourceToken } from '@nestjs/typeorm';
import type { TestingModuleBuilder } from '@nestjs/testing';
import type { DataSource } from 'typeorm';
import {
  GLOBAL_REVOCATION_OPTIONS,
  resolveOptions,
  type ResolvedOptions,
} from '../../src/module/options/global-revocation.options.js';
import { TypeOrmUserDirectory } from '../../src/module/subject/typeorm-user-directory.js';
import { UserDirectory } from '../../src/module/subject/user-directory.js';
import type { UserSource } from '../../src/module/options/users.options.js';

/** The reference server with other ways to name its people. */
export const overrideUsers = (builder: TestingModuleBuilder, more: Partial<UserSource>): TestingModuleBuilder =>
  builder.overrideProvider(UserDirectory).useFactory({
    factory: (dataSource: DataSource, { users, ...options }: ResolvedOptions) =>
      new TypeOrmUserDirectory(dataSource, resolveOptions({ ...options, users: { ...users!, ...more } })),
    inject: [getDataSourceToken(), GLOBAL_REVOCATION_OPTIONS],
  });
