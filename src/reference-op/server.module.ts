import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { OpModule } from './op/op.module.js';
import { DemoModule } from './demo/demo.module.js';
import type { DemoOptions } from './demo/demo.options.js';
import { DEMO_API_PATH } from './demo-data.js';
import { HealthModule } from './health/health.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { siteOf } from './pages/site.js';
import { HomeController } from './home.controller.js';
import { NotFoundPage } from './not-found.filter.js';
import { mutualTls } from './client-certificate.js';
import { hostModules } from './host-modules.js';
import { loadKeys } from './keys.js';
import type { Settings } from './settings/settings.js';

const op = (settings: Settings): DynamicModule =>
  OpModule.forRootAsync({
    useFactory: async () => {
      const { signing: signingKeys, cookies: cookieKeys, storage: storageKey } = await loadKeys(settings);
      const {
        accessTokenTtlSeconds: accessToken,
        refreshTokenTtlSeconds: refreshToken,
        sessionTtlSeconds: session,
      } = settings;
      return {
        issuer: settings.issuer,
        signingKeys,
        cookieKeys,
        storageKey,
        ttl: { accessToken, refreshToken, session },
        signInTries: settings.signInTries,
        jwtAudiences: settings.jwtAudiences,
        backchannelLogout: settings.backchannelLogout,
        sharedSignals: settings.sharedSignals,
        mutualTls: mutualTls(settings),
      };
    },
  });

const demoOptions = (settings: Settings): DemoOptions => {
  const { issuer, path, jwtAudiences, statusListTtlSeconds } = settings;
  const audience = `${issuer}/${DEMO_API_PATH}`;
  const jwtApi = { audience, withinSeconds: statusListTtlSeconds + 1 };
  const { backchannelLogout: shop } = settings;
  return {
    ...siteOf(settings),
    endpoint: `${issuer}/${path}`,
    shop,
    ...(jwtAudiences.includes(audience) && { jwtApi }),
  };
};

/** The reference server: the OP and the revocation endpoint. */
@Module({})
export class ServerModule {
  static forRoot(settings: Settings): DynamicModule {
    const { production } = settings;
    const demo = production ? [] : [DemoModule.forRoot(demoOptions(settings))];
    return {
      module: ServerModule,
      imports: [...hostModules(settings), op(settings), HealthModule, MetricsModule, ...demo],
      controllers: [HomeController],
      providers: [{ provide: APP_FILTER, useClass: NotFoundPage }],
    };
  }
}
