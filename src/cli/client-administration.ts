import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import {
  type CallerRestrictions,
  Client,
  ClientRegistry,
  DatabaseDeadline,
  GLOBAL_REVOCATION_OPTIONS,
  onPrimary,
  type ResolvedOptions,
  TypeOrmClientRegistry,
  REVOCATION_DATA_SOURCE,
} from 'nestjs-global-revocation';
import { ChangeRefusal, forUpdate, OperatorChanges, sha256Hex } from 'nestjs-global-revocation/administration';
import { clientInWords, hasTwoSecrets } from './client-text.js';
import type { SigningKeys } from './client-keys.js';
import { Cli } from './cli.js';
import { CommandFailure } from './failure.js';
import { HostApp } from './host-app.js';

/** A client to be registered. */
export interface NewClient {
  clientId: string;
  /** Display name. */
  name: string;
  scope: string;
  restrictions: CallerRestrictions | null;
  /** The keys it signs with, as client metadata; if undefined, the client gets a secret. */
  keys: SigningKeys | undefined;
}

/** A registered client and its secret, if it has one. The secret cannot be read again. */
export interface AddedClient {
  client: Client;
  secret: string | undefined;
}

/** A client and its new secret, which cannot be read again. */
export interface WithSecret {
  client: Client;
  secret: string;
}

/** Returns 256 random bits, in characters that need no encoding. */
const newSecret = (): string => randomBytes(32).toString('base64url');

/** Registers, changes and removes clients. Every change is recorded; only the hash of a secret is stored. */
@Injectable()
export class ClientAdministration {
  constructor(
    @Inject(HostApp) private readonly host: HostApp,
    @Inject(Cli) private readonly cli: Cli,
  ) {}

  /** Returns all clients, ordered by id. @throws RevocationError `unavailable` */
  async list(): Promise<Client[]> {
    const dataSource = await this.dataSource();
    const deadline = await this.host.get(DatabaseDeadline);
    return deadline.run(() => onPrimary(dataSource, (manager) => manager.find(Client, { order: { clientId: 'ASC' } })));
  }

  /** Registers a client. @throws ChangeRefusal if a client with this id exists */
  async add({ clientId, name, scope, restrictions, keys }: NewClient): Promise<AddedClient> {
    const secret = keys ? undefined : newSecret();
    const client = await this.change('client.add', clientId, async (manager) => {
      const clientIdHash = sha256Hex(clientId);
      if (await manager.existsBy(Client, { clientIdHash })) {
        throw new ChangeRefusal('conflict', `a client '${clientId}' already exists; remove it, or choose another id`);
      }
      const metadata = {
        client_name: name,
        redirect_uris: [],
        grant_types: ['client_credentials'],
        response_types: [],
        ...keys,
      };
      const previous = { previousSecretHash: null, previousSecretExpiresAt: null };
      const added = manager.create(Client, {
        ...{ clientId, clientIdHash, scope, restrictions, metadata, ...previous },
        ...{ secretHash: secret === undefined ? null : sha256Hex(secret), enabled: 1, demo: 0 },
      });
      await manager.insert(Client, added as never);
      return [undefined, added];
    });
    return { client: client!, secret };
  }

  /**
   * Creates a second secret; the current one stays valid.
   *
   * @param keepUntil when the current secret expires, in UTC epoch milliseconds; null: it ends with {@link finish}
   * @throws ChangeRefusal if the client already has two secrets, or none
   */
  async rotate(clientId: string, keepUntil: number | null): Promise<WithSecret> {
    const secret = newSecret();
    const client = await this.update('client.rotate_secret', clientId, (before) => {
      if (before.secretHash === null) throw new ChangeRefusal('conflict', `client '${clientId}' has no secret`);
      if (hasTwoSecrets(before)) {
        const choice = 'end the older one with --finish, or the newer one with --cancel';
        throw new ChangeRefusal('conflict', `client '${clientId}' already has two secrets: ${choice}`);
      }
      const previous = { previousSecretHash: before.secretHash, previousSecretExpiresAt: keepUntil };
      return { secretHash: sha256Hex(secret), ...previous };
    });
    return { client, secret };
  }

  /** Ends the older of two secrets. @throws ChangeRefusal if there is only one */
  finish(clientId: string): Promise<Client> {
    return this.update('client.finish_rotation', clientId, (before) => {
      if (before.previousSecretHash === null) throw noRotation(clientId);
      return { previousSecretHash: null, previousSecretExpiresAt: null };
    });
  }

  /** Ends the newer of two secrets. @throws ChangeRefusal if there is only one, or the older one has ended */
  cancel(clientId: string): Promise<Client> {
    return this.update('client.cancel_rotation', clientId, (before) => {
      if (!hasTwoSecrets(before)) throw noRotation(clientId);
      return { secretHash: before.previousSecretHash, previousSecretHash: null, previousSecretExpiresAt: null };
    });
  }

  /** Enables or disables a client from the next request on, on every node. Records nothing if nothing changes. */
  async enable(clientId: string, enabled: boolean): Promise<Client> {
    const state = enabled ? 1 : 0;
    const same = (await this.list()).find((client) => client.clientId === clientId && client.enabled === state);
    return same ?? this.update(enabled ? 'client.enable' : 'client.disable', clientId, () => ({ enabled: state }));
  }

  async remove(clientId: string): Promise<void> {
    await this.change('client.remove', clientId, async (manager) => {
      const before = await existing(manager, clientId);
      await manager.delete(Client, { clientIdHash: before.clientIdHash });
      return [before, undefined];
    });
  }

  private async update(
    action: string,
    clientId: string,
    changed: (before: Client) => Partial<Client>,
  ): Promise<Client> {
    const after = await this.change(action, clientId, async (manager) => {
      const before = await existing(manager, clientId);
      const values = changed(before);
      await manager.update(Client, { clientIdHash: before.clientIdHash }, values as never);
      return [before, Object.assign(manager.create(Client, before), values)];
    });
    return after!;
  }

  /** Makes a change and its record in one transaction. @returns the changed client */
  private async change(
    action: string,
    target: string,
    make: (manager: EntityManager) => Promise<[before: Client | undefined, after: Client | undefined]>,
  ): Promise<Client | undefined> {
    await this.dataSource();
    const changes = await this.host.get(OperatorChanges);
    let since: Client | undefined;
    const change = async (manager: EntityManager) => {
      const [before, after] = await make(manager);
      since = after;
      return { before: clientInWords(before), after: clientInWords(after) };
    };
    try {
      await changes.make({ actor: this.cli.operator, action, target }, change);
    } catch (error) {
      if (error instanceof ChangeRefusal && error.reason === 'not_found') await this.refuseIdentityProvider(target);
      throw error;
    }
    return since;
  }

  /** @throws ChangeRefusal that says how to stop the caller, if this is the id of a configured identity provider */
  private async refuseIdentityProvider(id: string): Promise<void> {
    const { identityProviders } = await this.host.get<ResolvedOptions>(GLOBAL_REVOCATION_OPTIONS);
    if (!identityProviders.some((each) => each.id === id)) return;
    const fix =
      'remove it from the settings (`identityProviders`, GTR_IDENTITY_PROVIDERS) and restart every server; until then ' +
      '`flags disable GLOBAL_TOKEN_REVOCATION` stops all callers';
    throw new ChangeRefusal('conflict', `'${id}' is an identity provider from the settings, not a client: ${fix}`);
  }

  /** @throws CommandFailure if the server has its own ClientRegistry */
  private async dataSource(): Promise<DataSource> {
    if (!((await this.host.get(ClientRegistry)) instanceof TypeOrmClientRegistry)) {
      throw new CommandFailure('failed', 'this server uses its own ClientRegistry: manage clients there');
    }
    return this.host.get<DataSource>(REVOCATION_DATA_SOURCE);
  }
}

const noRotation = (clientId: string): ChangeRefusal =>
  new ChangeRefusal('conflict', `client '${clientId}' has only one secret: there is no rotation to finish or cancel`);

async function existing(manager: EntityManager, clientId: string): Promise<Client> {
  const where = { clientIdHash: sha256Hex(clientId) };
  const client = await manager.findOne(Client, { where, ...forUpdate(manager) });
  if (client) return client;
  throw new ChangeRefusal('not_found', `no client has the id '${clientId}'; see \`clients list\``);
}
