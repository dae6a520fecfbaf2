import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { mountProvider } from '../op/mount.js';
import { refuseDemo, seedDemo } from './demo.js';
import { ServerModule } from './server.module.js';
import type { Settings } from './settings.js';

/** Makes the server, ready to `listen()`. It logs from `flushLogs()` on: a start that fails says why in one line only. */
export async function createApp(settings: Settings): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(ServerModule.forRoot(settings), {
    logger: ['warn', 'error', 'fatal'],
    abortOnError: false,
    bufferLogs: true,
    autoFlushLogs: false,
  });
  await prepare(app, settings);
  return app;
}

/** What a made application needs before it listens. */
export async function prepare(app: NestExpressApplication, { production }: Settings): Promise<void> {
  const dataSource = app.get<DataSource>(getDataSourceToken());
  await (production ? refuseDemo(dataSource) : seedDemo(dataSource));
  mountProvider(app);
  app.enableShutdownHooks();
  limit(app.getHttpServer());
}

/** Node's defaults leave slow requests open for minutes. */
function limit(server: Server): void {
  server.headersTimeout = 5000;
  server.requestTimeout = 10_000;
}
