import { type DynamicModule, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { demoPageClient, demoShopClient, hostOf } from '../demo-data.js';
import { seedDemoPage } from '../demo.js';
import { HealthModule } from '../health/health.module.js';
import { ResourceServerModule } from 'nestjs-global-revocation/resource-server';
import { DemoController } from './demo.controller.js';
import { DEMO_OPTIONS, type DemoOptions } from './demo.options.js';
import { JwtApi } from './jwt-api.js';
import { JwtApiController } from './jwt-api.controller.js';
import { Operator } from './operator.js';
import { Questions } from './questions.js';
import { RelyingParty } from './relying-party.js';
import { SignInController } from './sign-in.controller.js';
import { ShopClient } from './shop/shop-client.js';
import { ShopController } from './shop/shop.controller.js';
import { ShopSessions } from './shop/shop-sessions.js';
import { ShopVisits } from './shop/shop-visits.js';
import { Visits } from './visits.js';

/** A small relying party at `/demo`. Like any application, it uses the provider over HTTP only. */
@Module({})
export class DemoModule implements OnModuleInit {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(DEMO_OPTIONS) private readonly options: DemoOptions,
  ) {}

  static forRoot(options: DemoOptions): DynamicModule {
    const { issuer, jwtApi, shop } = options;
    const allowedHosts = [hostOf(issuer)];
    return {
      module: DemoModule,
      imports: [
        HealthModule,
        ...(jwtApi ? [ResourceServerModule.forRoot({ issuer, audience: jwtApi.audience, allowedHosts })] : []),
      ],
      controllers: [
        ...[DemoController, SignInController],
        ...(jwtApi ? [JwtApiController] : []),
        ...(shop ? [ShopController] : []),
      ],
      providers: [
        { provide: DEMO_OPTIONS, useValue: options },
        ...[RelyingParty, Questions, JwtApi, Operator, Visits, ShopClient, ShopSessions, ShopVisits],
      ],
    };
  }

  /** The issuer may have changed since the last start. */
  async onModuleInit(): Promise<void> {
    const { issuer, shop } = this.options;
    await seedDemoPage(this.dataSource, demoPageClient(issuer));
    if (shop) await seedDemoPage(this.dataSource, demoShopClient(issuer));
  }
}
