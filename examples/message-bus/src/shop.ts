import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Controller, Get, Module, NotFoundException, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { USER_REVOKED, type UserRevoked } from './user-revoked.js';

/** An application with its own sessions, which listens to the bus. */
@Controller()
class ShopController {
  private readonly sessions = new Map<string, { user: string; since: number }>();
  /** Ids of revocations that were handled. Keep them in your database, for as long as the bus may repeat a message. */
  private readonly handled = new Set<string>();

  /** In your application, after the user has signed in. */
  @Post('sessions/:user')
  begin(@Param('user') user: string): string {
    const id = randomUUID();
    this.sessions.set(id, { user, since: Date.now() });
    return id;
  }

  @Get('sessions/:id')
  read(@Param('id') id: string): string {
    const session = this.sessions.get(id);
    if (!session) throw new NotFoundException('signed out');
    return `${session.user} is signed in`;
  }

  /** The answer tells the sink that the message has arrived. A repeated message ends nothing, and a late one ends no newer session. */
  @MessagePattern(USER_REVOKED)
  revoked(@Payload() { id, user, at }: UserRevoked): true {
    if (this.handled.has(id)) return true;
    for (const [key, session] of this.sessions) {
      if (session.user === user && session.since <= at) this.sessions.delete(key);
    }
    this.handled.add(id);
    console.log(`${user} was revoked`);
    return true;
  }
}

@Module({ controllers: [ShopController] })
class ShopModule {}

const shop = await NestFactory.create(ShopModule, { logger: ['warn', 'error'] });
shop.connectMicroservice({ transport: Transport.TCP, options: { port: Number(process.env['BUS_PORT'] ?? 4001) } });
await shop.startAllMicroservices();
await shop.listen(process.env['SHOP_PORT'] ?? 4000);
