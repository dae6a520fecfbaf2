import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { type INestApplication, Inject, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { WsAdapter } from '@nestjs/platform-ws';
import { ConnectedSocket, type OnGatewayConnection, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  accessTokenOf,
  AccessTokenGuard,
  AccessTokenVerifier,
  ResourceServerModule,
  setAccessToken,
} from '../../src/module/resource-server/index.js';
import { AUDIENCE, Issuer } from '../module/resource-server/issuer.js';

const say = (socket: WebSocket, event: string, data: unknown): void => socket.send(JSON.stringify({ event, data }));

@WebSocketGateway()
class Gateway implements OnGatewayConnection {
  constructor(@Inject(AccessTokenVerifier) private readonly verifier: AccessTokenVerifier) {}

  async handleConnection(socket: WebSocket, request: IncomingMessage): Promise<void> {
    const token = await this.verifier.verify(request).catch(() => undefined);
    if (!token) return say(socket, 'open', 'without a token');
    setAccessToken(socket, token);
    if (request.url === '/?watched')
      socket.on(
        'close',
        this.verifier.watch(token, () => socket.close(4401, 'the access token has ended'), 0.1),
      );
    say(socket, 'open', token.subject);
  }

  @SubscribeMessage('who')
  @UseGuards(AccessTokenGuard)
  who(@ConnectedSocket() socket: WebSocket): { event: string; data: unknown } {
    return { event: 'you', data: accessTokenOf(socket)?.subject };
  }
}

describe('AccessTokenGuard at a WebSocket gateway', () => {
  let issuer: Issuer;
  let app: INestApplication;
  let url: string;

  beforeAll(async () => {
    issuer = await Issuer.start();
    issuer.ttl = 1;
    @Module({
      imports: [ResourceServerModule.forRoot({ issuer: issuer.url, audience: AUDIENCE, allowedHosts: ['127.0.0.1'] })],
      providers: [Gateway],
    })
    class Api {}
    app = await NestFactory.create(Api, new ExpressAdapter(), { logger: false });
    app.useWebSocketAdapter(new WsAdapter(app));
    await app.listen(0, '127.0.0.1');
    url = (await app.getUrl()).replace('http', 'ws');
  });
  afterAll(async () => {
    await app?.close();
    await issuer?.stop();
  });

  const next = async (socket: WebSocket): Promise<unknown> => JSON.parse(String((await once(socket, 'message'))[0]));
  const open = async (token?: string, path = '/'): Promise<[WebSocket, unknown]> => {
    const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    const socket = new WebSocket(url + path, { headers });
    return [socket, await next(socket)];
  };
  const ask = async (socket: WebSocket): Promise<unknown> => {
    const answer = next(socket);
    say(socket, 'who', {});
    return answer;
  };
  const REFUSED = { event: 'exception', data: { status: 'error', message: 'Forbidden resource' } };

  test('a message is answered until the token has ended, then refused', async () => {
    const [socket, greeting] = await open(await issuer.token(1));
    expect(greeting).toEqual({ event: 'open', data: 'alice' });
    expect(await ask(socket)).toEqual({ event: 'you', data: 'alice' });
    issuer.ended.add(1);
    await expect.poll(() => ask(socket), { timeout: 30_000 }).toMatchObject(REFUSED);
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.close();
  });

  test('without a token, a message is refused', async () => {
    const [socket] = await open();
    expect(await ask(socket)).toMatchObject(REFUSED);
    socket.close();
  });

  test('watch closes the connection when the token has ended', async () => {
    const [socket] = await open(await issuer.token(2), '/?watched');
    const closed = once(socket, 'close');
    issuer.ended.add(2);
    expect((await closed)[0]).toBe(4401);
  });
});
