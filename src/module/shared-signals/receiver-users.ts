import { Inject, Injectable } from '@nestjs/common';
import { ClientRegistry } from '../caller/clients/client-registry.js';
import { RevocationError } from '../revocation.errors.js';
import type { Revocation } from '../revocation/revocation.entity.js';
import { parseSubjectIdentifier } from '../subject/subject-identifier.js';
import { UserLookupService } from '../subject/user-lookup.service.js';
import type { Stream } from './stream.entity.js';

/** Decides whether a receiver may learn about the revocation of a user. */
@Injectable()
export class ReceiverUsers {
  constructor(
    @Inject(ClientRegistry) private readonly clients: ClientRegistry,
    @Inject(UserLookupService) private readonly users: UserLookupService,
  ) {}

  /**
   * Returns why the receiver is not told about a user; undefined if it is.
   *
   * @param record of the revocation; null after `epochs raise-all`
   * @throws RevocationError `unavailable`
   */
  async whyNot(
    { receiverHash, receiver }: Stream,
    subject: string,
    record: Revocation | null,
  ): Promise<string | undefined> {
    if (receiverHash === null) return undefined;
    const client = await this.clients.findEnabled(receiver);
    if (!client) return 'the client of the receiver no longer exists, or is disabled';
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
