import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { getDataSourceToken } from '@nestjs/typeorm';
import type Provider from 'oidc-provider';
import type { DataSource } from 'typeorm';
import { EndpointRoute } from 'nestjs-global-revocation';
import { mountProvider, OIDC_PROVIDER } from 'nestjs-global-revocation-reference-op/op';
import type { Actors } from './actors.js';
import type { AuthorizationServerOptions, SignedIn, SignInOptions, StartedServer } from './options.js';
import { prepareSeed } from './seed.js';
import { revoke } from './revoke.js';
import { signIn } from './sign-in.js';
import { TestingModule } from './testing.module.js';

/** The authorization server in its own process. */
export class RunningServer {
  private constructor(
    readonly started: StartedServer,
    private readonly seed: () => Promise<void>,
    readonly stop: () => Promise<void>,
  ) {}

  static async start(actors: Actors, databaseUrl: string, options: AuthorizationServerOptions): Promise<RunningServer> {
    // Holds the port, so that servers that start at the same time get different ones.
    const held = createServer().listen(0, '127.0.0.1');
    await once(held, 'listening');
    const issuer = `http://127.0.0.1:${(held.address() as AddressInfo).port}`;
    const [app, seed] = await Promise.all([createApp(issuer, databaseUrl, options), prepareSeed(actors)]);
    const dataSource = app.get<DataSource>(getDataSourceToken());
    await seed(dataSource);
    await refuseBadClients(app.get<Provider>(OIDC_PROVIDER), actors);
    await app.init();
    const server = app.getHttpServer() as Server;
    await once(server.listen(held), 'listening');
    const stop = async (): Promise<void> => {
      server.closeAllConnections();
      server.close();
      await app.close();
    };
    const endpoint = app.get(EndpointRoute).url();
    return new RunningServer({ issuer, endpoint, ...actors }, () => seed(dataSource), stop);
  }

  signIn(uid: string | null | undefined, options: SignInOptions): Promise<SignedIn> {
    return signIn(this.started, uid, options);
  }

  revoke(user: string | Record<string, unknown>): Promise<void> {
    return revoke(this.started, user);
  }

  reset(): Promise<void> {
    return this.seed();
  }
}

async function createApp(
  issuer: string,
  databaseUrl: string,
  options: AuthorizationServerOptions,
): Promise<INestApplication> {
  const app = await NestFactory.create(TestingModule.forRoot(issuer, databaseUrl, options), new ExpressAdapter(), {
    logger: ['error', 'fatal'],
    abortOnError: false,
  });
  mountProvider(app);
  return app;
}

/** @throws Error with the problem in a client's metadata */
async function refuseBadClients(provider: Provider, { clients }: Actors): Promise<void> {
  for (const { client_id } of clients) {
    await provider.Client.find(client_id).catch((error: Error & { error_description?: string }) => {
      throw new Error(`client '${client_id}': ${error.error_description ?? error.message}`, { cause: error });
    });
  }
}
