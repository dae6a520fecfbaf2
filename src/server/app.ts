import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { mountProvider } from '../op/mount.js';
import { refuseDemo, seedDemo } from './demo.js';
import { serveDocs } from './docs.js';
import { ServerModule } from './server.module.js';
import type { Settings } from './settings.js';

/** Makes the server, ready to `listen()`. On Fastify: it answers three times as many requests as Express does. */
export async function createApp(settings: Settings): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    ServerModule.forRoot(settings),
    new FastifyAdapter({ trustProxy: trustedProxies(settings.trustProxy) }),
    { logger: ['warn', 'error', 'fatal'], abortOnError: false },
  );
  await prepare(app, settings);
  return app;
}

/** What a made application needs before it listens, on either adapter. */
export async function prepare(app: INestApplication, settings: Settings): Promise<void> {
  const dataSource = app.get<DataSource>(getDataSourceToken());
  await (settings.production ? refuseDemo(dataSource) : seedDemo(dataSource));
  mountProvider(app);
  if (settings.docs) serveDocs(app, settings);
  limit(app.getHttpServer() as Server);
}

/** Most connections at a time; more are closed at once. */
const MAX_CONNECTIONS = 10_000;

/** Node's defaults leave slow requests open for minutes. */
function limit(server: Server): void {
  server.headersTimeout = 5000;
  server.requestTimeout = 10_000;
  server.maxConnections = MAX_CONNECTIONS;
}

/** The setting in Fastify's terms. */
function trustedProxies(setting: string): boolean | string | ((address: string, hop: number) => boolean) {
  if (setting === 'off' || setting === 'on') return setting === 'on';
  return /^\d+$/.test(setting) ? (_address, hop) => hop < Number(setting) : setting;
}
