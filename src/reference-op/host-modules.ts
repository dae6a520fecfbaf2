import type { DynamicModule } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSourceOptions } from 'typeorm';
import {
  BackchannelLogout,
  GlobalRevocationModule,
  jwksSigner,
  type Notifications,
  type RateLimit,
  type StatusListSettings,
} from 'nestjs-global-revocation';
import { SharedSignals, SharedSignalsModule } from 'nestjs-global-revocation/shared-signals';
import { dataSourceOptions, openDataSource, type Pending } from './op/data-source.js';
import { opUsers } from './op/op-users.js';
import { hostOf } from './demo-data.js';
import { mutualTls } from './client-certificate.js';
import { settingsModule } from './settings/settings.module.js';
import { loadKeys } from './keys.js';
import { loadAuthorities } from './settings/settings-files.js';
import type { Settings } from './settings/settings.js';

type Config = ConfigService<Settings, true>;
const inject = [ConfigService];

const database = (pending: Pending): DynamicModule =>
  TypeOrmModule.forRootAsync({
    inject,
    useFactory: (config: Config) => ({ ...dataSourceOptions(config.get('databaseUrl')), retryAttempts: 0 }),
    dataSourceFactory: (options) => openDataSource(options as DataSourceOptions, pending),
  });

const perMinute = (limit: number): RateLimit | false => limit > 0 && { limit, ttlSeconds: 60 };

/** For the APIs of `jwtAudiences`. */
const statusLists = async (settings: Settings): Promise<{ statusLists?: StatusListSettings }> => {
  const { jwtAudiences, statusListTtlSeconds: ttlSeconds, accessTokenTtlSeconds: tokenLifetimeSeconds } = settings;
  if (jwtAudiences.length === 0) return {};
  const signer = jwksSigner((await loadKeys(settings)).signing);
  return { statusLists: { signer, ttlSeconds, tokenLifetimeSeconds: Math.max(tokenLifetimeSeconds, 600) } };
};

const notifications = async (settings: Settings): Promise<Notifications> => ({
  sinks: [
    ...(settings.backchannelLogout ? [BackchannelLogout] : []),
    ...(settings.sharedSignals ? [SharedSignals] : []),
  ],
  allowedHosts: [
    ...(settings.notificationAllowedHosts ?? []),
    ...(settings.production ? [] : [hostOf(settings.issuer)]),
  ], // the demo's own application
  ca: await loadAuthorities(settings),
});

const revocation = (settings: Settings, sends: boolean): DynamicModule =>
  GlobalRevocationModule.forRootAsync({
    path: settings.path,
    isGlobal: true,
    inject,
    useFactory: async (config: Config) => ({
      issuer: config.get('issuer'),
      production: config.get('production'),
      featureFlags: config.get('featureFlags'),
      unknownSubject: config.get('unknownSubject'),
      ambiguousSubject: config.get('ambiguousSubject'),
      acceptSubjectMember: config.get('acceptSubjectMember'),
      databaseTimeoutMs: config.get('databaseTimeoutMs'),
      databaseQueue: config.get('databaseQueue'),
      rateLimits: {
        failures: perMinute(config.get('failuresPerMinute')),
        calls: perMinute(config.get('callsPerMinute')),
        total: perMinute(config.get('totalCallsPerMinute')),
        records: perMinute(config.get('recordsPerMinute')),
      },
      sweepIntervalMs: config.get('sweepIntervalMs'),
      logEvents: false,
      recordRetentionDays: config.get('recordRetentionDays'),
      auditKey: (await loadKeys(settings)).audit,
      identityProviders: config.get('identityProviders') ?? [],
      remoteJwks: { allowedHosts: config.get('jwksAllowedHosts') ?? [], ca: await loadAuthorities(settings) },
      mutualTls: mutualTls(settings),
      notifications: { ...(await notifications(settings)), ...(!sends && { intervalMs: 0 }) },
      ...(await statusLists(settings)),
      users: opUsers(config.get('issuer')),
    }),
  });

const sharedSignals = (settings: Settings): DynamicModule =>
  SharedSignalsModule.forRootAsync({
    useFactory: async () => {
      const { signing, storage: storageKey } = await loadKeys(settings);
      return { signer: jwksSigner(signing), storageKey };
    },
  });

/**
 * Returns what the server and its command line share: settings, database, the revocation module and Shared Signals.
 *
 * @param sends whether this process tells others about revocations
 * @param pending what to do about pending migrations; by default they run, but in production they prevent startup
 */
export const hostModules = (
  settings: Settings,
  sends = true,
  pending: Pending = settings.production ? 'refuse' : 'run',
) => [
  ...[settingsModule(settings), database(pending), revocation(settings, sends)],
  ...(settings.sharedSignals ? [sharedSignals(settings)] : []),
];
