import type { Server } from 'node:http';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { getDataSourceToken } from '@nestjs/typeorm';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import type { DataSource } from 'typeorm';
import { inject, onTestFinished } from 'vitest';
import { openApiDocument } from '../../src/reference-op/docs/openapi.js';
import { prepare } from '../../src/reference-op/app.js';
import { httpAdapter, LIMITS, trustedProxies } from '../../src/reference-op/http.js';
import { ServerLog } from '../../src/reference-op/log/server-log.js';
import { ServerModule } from '../../src/reference-op/server.module.js';
import type { Settings } from '../../src/reference-op/settings/settings.js';
import { loadSettings } from '../../src/reference-op/settings/settings-load.js';
import { watchContract } from './contract.js';
import type { TestDatabase } from './databases.js';
import { fixture } from './fixture.js';
import { freePort } from './free-port.js';
import { unlimited } from './unlimited.js';
import { LogCapture } from './log-capture.js';

export interface TestServer {
  /** Issuer, and address of the server. */
  url: string;
  /** Address it listens on; the same unless `ISSUER` is set. */
  local: string;
  /** Address of the revocation endpoint. */
  endpoint: string;
  app: INestApplication;
  dataSource: DataSource;
  databaseUrl: string;
  /** Directory with its keys. */
  dataDir: string;
  /** What it has logged. When it stops, nothing secret or personal may be in there, and a line for each request. */
  log: LogCapture;
  stop: () => Promise<void>;
}

export interface ServerOptions {
  /** Further environment variables, e.g. `GTR_UNKNOWN_SUBJECT`. */
  env?: Record<string, string>;
  /** Settings that have another value in production, which a variable cannot express. */
  settings?: Pick<Settings, 'jwtAudiences'>;
  /** Replaces parts of the application, e.g. the adapters by a wrapper around them. */
  override?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
  /** What one sender may take up, on Fastify. */
  limits?: Partial<typeof LIMITS>;
  /** Whether its log is searched for what was sent. @default true; not where names that are public are sent as secrets */
  searchLog?: boolean;
  /** Last word before the server listens. */
  beforeListen?: (app: INestApplication) => void;
  /** Database to use instead of a fresh one; it is not dropped. */
  databaseUrl?: string;
  /** Directory of its keys. @default the one of all servers of this run: generating keys takes longer than a start */
  dataDir?: string;
}

/**
 * {@link startServer} for the tests of this file or `describe`; see {@link fixture}.
 *
 * @param options or a function that runs just before the start
 */
export const serverFixture = (
  database: TestDatabase,
  options: ServerOptions | (() => Promise<ServerOptions>) = {},
): TestServer =>
  fixture(
    async () => startServer(database, typeof options === 'function' ? await options() : options),
    ({ stop }) => stop(),
  );

/** {@link startServer} for this test. */
export async function startForTest(database: TestDatabase, options?: ServerOptions): Promise<TestServer> {
  const server = await startServer(database, options);
  onTestFinished(() => server.stop());
  return server;
}

/** The reference server on a fresh database and a free port, with the demo people and clients. */
export async function startServer(database: TestDatabase, options: ServerOptions = {}): Promise<TestServer> {
  const own = options.databaseUrl === undefined ? await database.create() : undefined;
  const databaseUrl = options.databaseUrl ?? own!.url;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const dataDir = options.dataDir ?? join(inject('tempDir'), 'keys');
  const settings = loadSettings({
    PORT: String(port),
    ISSUER: url,
    DATABASE_URL: databaseUrl,
    GTR_DATA_DIR: dataDir,
    ...unlimited,
    GTR_LOG: 'json',
    GTR_SWEEP_INTERVAL_MS: '0', // no statements but those of the test
    ...options.env,
  });
  Object.assign(settings, options.settings);
  const log = new LogCapture();
  const serverLog = new ServerLog(settings, log);
  const builder = Test.createTestingModule({ imports: [ServerModule.forRoot(settings)] });
  const module = await (options.override?.(builder) ?? builder).compile();
  const adapter =
    database.adapter === 'express' ? new ExpressAdapter() : httpAdapter(settings, { ...LIMITS, ...options.limits });
  if (adapter instanceof ExpressAdapter) adapter.set('trust proxy', trustedProxies(settings.trustProxy));
  const app = module.createNestApplication(adapter, { logger: serverLog.nest });
  await prepare(app, settings, serverLog);
  await app.init();
  const server = app.getHttpServer() as Server;
  const problems = watchContract(server, `/${settings.path}`, openApiDocument(app, settings));
  log.watch(server);
  options.beforeListen?.(app);
  await app.listen(port, '127.0.0.1');
  return {
    url: settings.issuer,
    local: url,
    endpoint: `${url}/${settings.path}`,
    app,
    dataSource: app.get<DataSource>(getDataSourceToken()),
    databaseUrl,
    dataDir,
    log,
    stop: async () => {
      server.closeAllConnections();
      await app.close();
      await own?.drop();
      const logProblems = options.searchLog === false ? [] : await log.problems();
      if (logProblems.length > 0) throw new Error(`the log:\n${logProblems.join('\n')}`);
      if (problems.length > 0) throw new Error(`answers differ from the OpenAPI document:\n${problems.join('\n')}`);
    },
  };
}
