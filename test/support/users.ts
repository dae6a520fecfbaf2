import { getDataSourceToken } from '@nestjs/typeorm';
import type { TestingModuleBuilder } from '@nestjs/testing';
import type { DataSource } from 'typeorm';
import {
  GLOBAL_REVOCATION_OPTIONS,
  type GlobalRevocationOptions,
} from '../../src/module/options/global-revocation.options.js';
import { TypeOrmUserDirectory } from '../../src/module/subject/typeorm-user-directory.js';
import { UserDirectory } from '../../src/module/subject/user-directory.js';
import type { UserSource } from '../../src/module/options/user-source.options.js';

/** The reference server with other ways to name its people. */
export const overrideUsers = (builder: TestingModuleBuilder, more: Partial<UserSource>): TestingModuleBuilder =>
  builder.overrideProvider(UserDirectory).useFactory({
    factory: (dataSource: DataSource, { users, ...options }: GlobalRevocationOptions) =>
      new TypeOrmUserDirectory(dataSource, { ...options, users: { ...users!, ...more } }),
    inject: [getDataSourceToken(), GLOBAL_REVOCATION_OPTIONS],
  });
