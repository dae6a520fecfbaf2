import { Controller, Get, Module, Req, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  accessTokenOf,
  AccessTokenGuard,
  AccessTokenVerifier,
  ResourceServerModule,
  setAccessToken,
} from '../../../src/module/resource-server/index.js';
import { AUDIENCE, Issuer } from './issuer.js';

@Controller('things')
class ThingsController {
  @Get()
  @UseGuards(AccessTokenGuard)
  list(@Req() request: object): { sub: string | undefined } {
    return { sub: accessTokenOf(request)?.subject };
  }

  @Get('public')
  open(): string {
    return 'open';
  }
}

const ways = ['forRoot', 'forRootAsync'] as const;
const adapters = { express: () => new ExpressAdapter(), fastify: () => new FastifyAdapter() };

describe.each(ways.flatMap((way) => (['express', 'fastify'] as const).map((name) => [way, name] as const)))(
  'AccessTokenGuard (%s, %s)',
  (way, name) => {
    let issuer: Issuer;
    let app: INestApplication;
    let url: string;

    beforeAll(async () => {
      issuer = await Issuer.start();
      issuer.ended.add(2);
      const options = { issuer: issuer.url, audience: AUDIENCE, allowedHosts: ['127.0.0.1'] };
      const imported =
        way === 'forRoot'
          ? ResourceServerModule.forRoot(options)
          : ResourceServerModule.forRootAsync({ useFactory: () => Promise.resolve(options) });
      @Module({ imports: [imported], controllers: [ThingsController] })
      class AppModule {}
      app = await NestFactory.create(AppModule, adapters[name](), { logger: false });
      await app.listen(0, '127.0.0.1');
      url = `${(await app.getUrl()).replace('[::1]', '127.0.0.1')}/things`;
    });
    afterAll(async () => {
      await app.close();
      await issuer.stop();
    });

    const get = (path: string, token?: string): Promise<Response> =>
      fetch(url + path, { headers: token === undefined ? {} : { Authorization: `Bearer ${token}` } });

    test('a valid token reaches the route, which learns of the person', async () => {
      const response = await get('', await issuer.token(1));
      expect([response.status, await response.json()]).toEqual([200, { sub: 'alice' }]);
    });

    test('without a token, and with an ended one: 401 with a challenge; other routes are open', async () => {
      const missing = await get('');
      expect([missing.status, missing.headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer']);
      expect(await missing.json()).toMatchObject({ message: 'an access token is required' });
      const ended = await get('', await issuer.token(2));
      expect([ended.status, ended.headers.get('WWW-Authenticate')]).toEqual([
        401,
        expect.stringMatching(/^Bearer error="invalid_token"/),
      ]);
      expect((await get('/public')).status).toBe(200);
    });

    test('no status list: 503 with Retry-After', async () => {
      issuer.instead['/status/2'] = (_, response) => void response.writeHead(500).end();
      const status = { status_list: { idx: 1, uri: `${issuer.url}/status/2` } };
      const response = await get('', await issuer.token(1, { status }));
      expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '5']);
    });

    test('a message of a WebSocket needs a connection with a token that has not ended', async () => {
      const [verifier, guard] = [app.get(AccessTokenVerifier), app.get(AccessTokenGuard)];
      const client = {};
      const context = { getType: () => 'ws', switchToWs: () => ({ getClient: () => client }) };
      const canActivate = (): Promise<boolean> => guard.canActivate(context as never);
      expect(await canActivate()).toBe(false);
      const request = { headers: { authorization: `Bearer ${await issuer.token(3)}` } };
      setAccessToken(client, await verifier.verify(request as never));
      expect(await canActivate()).toBe(true);
    });
  },
);
