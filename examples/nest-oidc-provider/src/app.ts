import type { IncomingMessage, ServerResponse } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { epochContext } from 'nestjs-global-revocation/oidc-provider';
import Provider from 'oidc-provider';
import { AppModule } from './app.module.js';

/** The routes of Nest. Everything else belongs to the provider. */
const OURS = /^\/(interaction|global-token-revocation)(\/|\?|$)/;

export async function createApp(): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), {
    logger: ['warn', 'error', 'fatal'],
  });
  const callback = app.get(Provider).callback();
  app.use(epochContext);
  app.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    if (OURS.test(request.url ?? '')) next();
    else void callback(request, response);
  });
  return app;
}
