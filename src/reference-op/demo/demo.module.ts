import { type DynamicModule, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { seedDemoPage } from '../demo.js';
import { ResourceServerModule } from 'nestjs-global-revocation/resource-server';
import { DemoController } from './demo.controller.js';
import { DEMO_OPTIONS, type DemoOptions } from './demo.options.js';
import { JwtApi } from './jwt-api.js';
import { JwtApiController } from './jwt-api.controller.js';
import { Operator } from './operator.js';
import { Questions } from './questions.js';
import { RelyingParty } from './relying-party.js';
import { SignInController } from './sign-in.controller.js';
import { Visits } from './visits.js';

/** A small relying party at `/demo`. Like any application, it uses the provider over HTTP only. */
@Module({})
export class DemoModule implements OnModuleInit {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(DEMO_OPTIONS) private readonly options: DemoOptions,
  ) {}

  static forRoot(options: DemoOptions): DynamicModule {
    const { issuer, jwtApi } = options;
    const allowedHosts = [new URL(issuer).hostname.replace(/^\[(.*)\]$/, '$1')];
    return {
      module: DemoModule,
      imports: jwtApi ? [ResourceServerModule.forRoot({ issuer, audience: jwtApi.audience, allowedHosts })] : [],
      controllers: [DemoController, SignInController, ...(jwtApi ? [JwtApiController] : [])],
      providers: [{ provide: DEMO_OPTIONS, useValue: options }, RelyingParty, Questions, JwtApi, Operator, Visits],
    };
  }

  /** The issuer may have changed since the last start. */
  onModuleInit(): Promise<void> {
    return seedDemoPage(this.dataSource, this.options.issuer);
  }
}
