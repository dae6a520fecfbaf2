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

/** Creates the server, ready to `listen()`. It buffers its log until `flushLogs()`, so a failed start prints one line only. */
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

/** Prepares an application to listen, on either adapter. */
export async function prepare(app: INestApplication, settings: Settings, log: ServerLog): Promise<void> {
  const dataSource = app.get<DataSource>(getDataSourceToken());
  await (settings.production ? refuseDemo(dataSource) : seedDemo(dataSource));
  log.watch(app);
  mountProvider(app);
  if (settings.docs) serveDocs(app, settings);
}
