import type { INestApplication } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { mountProvider } from './op/mount.js';
import { expectOnlyHere, refuseDemo, seedDemo } from './demo.js';
import { serveDocs } from './docs/serve-docs.js';
import { httpAdapter } from './http.js';
import { ServerLog } from './log/server-log.js';
import { ServerModule } from './server.module.js';
import type { Settings } from './settings/settings.js';

/** Makes the server, ready to `listen()`. It logs from `flushLogs()` on: a start that fails says why in one line only. */
export async function createApp(
  settings: Settings,
  log = new ServerLog(settings),
  adapter: AbstractHttpAdapter = httpAdapter(settings),
): Promise<INestApplication> {
  if (!settings.production) expectOnlyHere(settings);
  const app = await NestFactory.create(ServerModule.forRoot(settings), adapter, {
    logger: log.nest,
    abortOnError: false,
    bufferLogs: true,
    autoFlushLogs: false,
  });
  await prepare(app, settings, log);
  return app;
}

/** What a made application needs before it listens, on either adapter. */
export async function prepare(app: INestApplication, settings: Settings, log: ServerLog): Promise<void> {
  const dataSource = app.get<DataSource>(getDataSourceToken());
  await (settings.production ? refuseDemo(dataSource) : seedDemo(dataSource));
  log.watch(app);
  mountProvider(app);
  if (settings.docs) serveDocs(app, settings);
}
