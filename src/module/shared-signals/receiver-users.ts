import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { ClientRegistry } from '../caller/clients/client-registry.js';
import { onPrimary } from '../database/primary.js';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import type { Notification } from '../options/notification-sink.js';
import { RevocationError } from '../revocation.errors.js';
import { Revocation } from '../revocation/revocation.entity.js';
import { parseSubjectIdentifier } from '../subject/subject-identifier.js';
import { UserLookupService } from '../subject/user-lookup.service.js';
import type { Stream } from './stream.entity.js';

/** Decides whether a receiver may learn about the revocation of a user. */
@Injectable()
export class ReceiverUsers {
  constructor(
    @Inject(ClientRegistry) private readonly clients: ClientRegistry,
    @Inject(UserLookupService) private readonly users: UserLookupService,
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
  ) {}

  /** Returns why the receiver is not told; undefined if it is. @throws RevocationError `unavailable` */
  async whyNot({ receiverHash, receiver }: Stream, { subject, revocation }: Notification): Promise<string | undefined> {
    if (receiverHash === null) return undefined;
    const client = await this.clients.findEnabled(receiver);
    if (!client) return 'the client of the receiver does not exist any more, or is disabled';
    const { id } = revocation;
    const record = await onPrimary(this.dataSource, (manager) => manager.findOneBy(Revocation, { id }));
    if (record?.actor === receiver && record.format !== '') return 'the receiver has revoked the user itself';
    const { tenant } = client.restrictions ?? {};
    if (tenant === undefined || (await this.isOf(tenant, subject))) return undefined;
    return 'the user is not one of those that the receiver may name';
  }

  private async isOf(tenant: string, subject: string): Promise<boolean> {
    const supported = { formats: ['opaque'] as const, attributes: [] };
    const identifier = parseSubjectIdentifier({ format: 'opaque', id: subject }, supported);
    try {
      return (await this.users.find(identifier, { tenant })).subject === subject;
    } catch (error) {
      if (error instanceof RevocationError && error.status < 500) return false;
      throw error;
    }
  }
}
