import { Inject, Injectable } from '@nestjs/common';
import type { ClientProxy } from '@nestjs/microservices';
import type { Notification, NotificationSink, RecipientPage } from 'nestjs-global-revocation';
import { firstValueFrom, timeout } from 'rxjs';
import { USER_REVOKED, type UserRevoked } from './user-revoked.js';

/** Tells the message bus about revocations. */
@Injectable()
export class BusSink implements NotificationSink {
  readonly name = 'message-bus';

  constructor(@Inject('BUS') private readonly bus: ClientProxy) {}

  /** The bus is the only recipient: the module does not know who listens to it. */
  async recipients(): Promise<RecipientPage> {
    return { recipients: [{ id: 'bus' }] };
  }

  /** `send` waits for an answer; `emit` would not notice a lost message. If this method throws, the module calls it again later. */
  async send({ revocation: { id, createdAt: at }, subject: user }: Notification): Promise<void> {
    const message: UserRevoked = { id, user, at };
    await firstValueFrom(this.bus.send(USER_REVOKED, message).pipe(timeout(5000)));
  }
}
