import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { BatchedRead } from '../../database/batched-read.js';
import { sha256Hex } from '../../database/digest.js';
import { PreparedFind } from '../../database/prepared-find.js';
import { onPrimary } from '../../database/primary.js';
import { REVOCATION_DATA_SOURCE } from '../../database/revocation-data-source.js';
import { storedRestrictions } from '../../options/caller-restrictions.options.js';
import { Client } from './client.entity.js';
import { ClientRegistry, type RegisteredClient } from './client-registry.js';

/** Reads clients from the {@link Client} entity. @publicApi */
@Injectable()
export class TypeOrmClientRegistry extends ClientRegistry {
  private readonly rows = new BatchedRead<Client>((hashes) => this.read(hashes));
  private prepared?: PreparedFind<Client>;

  constructor(@Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource) {
    super();
  }

  async find(clientId: string): Promise<RegisteredClient | undefined> {
    const client = await this.rows.find(sha256Hex(clientId));
    if (!client) return undefined;
    const { scope, metadata, restrictions } = client;
    return {
      clientId: client.clientId,
      enabled: client.enabled === 1,
      scope,
      metadata: copyOf(metadata),
      secretHashes: validSecrets(client),
      restrictions: restrictions === null ? undefined : storedRestrictions(restrictions),
    };
  }

  private async read(clientIdHash: readonly string[]): Promise<Map<string, Client>> {
    const found = await onPrimary(this.dataSource, (manager) =>
      this.clients().rows(manager, [{ clientIdHash }], clientIdHash.length),
    );
    return new Map(found.map((client) => [client.clientIdHash, client]));
  }

  /** Prepares the query at first use, after the startup checks have verified the entity. */
  private clients(): PreparedFind<Client> {
    const properties = () => this.dataSource.getMetadata(Client).columns.map(({ propertyName }) => propertyName);
    return (this.prepared ??= new PreparedFind({ entity: Client, properties: properties(), order: {} }));
  }
}

/** The row may be shared, and the caller may change the copy. `structuredClone` takes several times as long. */
const copyOf = <Json>(value: Json): Json => JSON.parse(JSON.stringify(value)) as Json;

function validSecrets({ secretHash, previousSecretHash, previousSecretExpiresAt: expiresAt }: Client): string[] {
  const previous = expiresAt === null || expiresAt > Date.now() ? previousSecretHash : null;
  return [secretHash, previous].filter((hash) => hash !== null);
}
