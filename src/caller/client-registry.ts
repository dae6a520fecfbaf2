import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { DatabaseDeadline } from '../database/deadline.js';
import { sha256Hex } from '../database/digest.js';
import { Client } from './client.entity.js';
import { clientSecretMatches } from './client-secret.js';

/** The registered clients. Nothing is cached: a disabled client is refused from the next request on, on every node. */
@Injectable()
export class ClientRegistry {
  constructor(
    @InjectRepository(Client) private readonly clients: Repository<Client>,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
  ) {}

  /** The enabled client of exactly this id. @throws RevocationError `unavailable` */
  async find(clientId: string): Promise<Client | undefined> {
    const client = await this.deadline.run(() => this.clients.findOneBy({ clientIdHash: sha256Hex(clientId) }));
    return client?.enabled === 1 ? client : undefined;
  }

  /** The enabled client whose secret this is; unknown id and wrong secret take the same way. */
  async authenticate(clientId: string, secret: string): Promise<Client | undefined> {
    const client = await this.find(clientId);
    return clientSecretMatches(secret, client?.secretHash) ? client : undefined;
  }
}
