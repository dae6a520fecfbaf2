import { Injectable, Module } from '@nestjs/common';
import { afterEach, expect, test } from 'vitest';
import {
  ClientRegistry,
  coreEntities,
  Client,
  FeatureFlag,
  type FeatureFlagName,
  FeatureFlagStore,
  type GlobalRevocationOptions,
  type RegisteredClient,
  SubjectEpochs,
  type UserCandidate,
  UserDirectory,
  type UserIdentifier,
} from '../../src/module/index.js';
import { sha256Hex } from '../../src/module/database/digest.js';
import { GLOBAL_REVOCATION_SCOPE } from '../../src/module/options/global-revocation.options.js';
import { basic } from '../support/operator.js';
import { type Host, type HostOptions, HostUser, startHost } from './host.js';

/** Something of the host's that its implementations need. */
@Injectable()
class Vault {
  readonly secrets = new Map([['from-vault', 'vault-secret']]);
}

@Module({ providers: [Vault], exports: [Vault] })
class VaultModule {}

@Injectable()
class VaultClients extends ClientRegistry {
  constructor(private readonly vault: Vault) {
    super();
  }

  find(clientId: string): Promise<RegisteredClient | undefined> {
    const secret = this.vault.secrets.get(clientId);
    return Promise.resolve(
      secret === undefined
        ? undefined
        : { clientId, enabled: true, scope: GLOBAL_REVOCATION_SCOPE, secretHashes: [sha256Hex(secret)], metadata: {} },
    );
  }
}

class MemoryFlags extends FeatureFlagStore {
  readonly stored = new Map<string, boolean>();
  broken = false;

  read(): Promise<ReadonlyMap<string, boolean>> {
    return this.broken ? Promise.reject(new Error('the flag server is away')) : Promise.resolve(this.stored);
  }

  write(name: FeatureFlagName, enabled: boolean): Promise<boolean | undefined> {
    const before = this.stored.get(name);
    this.stored.set(name, enabled);
    return Promise.resolve(before);
  }
}

/** People who are in no table. */
class Ldap extends UserDirectory {
  readonly formats = ['opaque'] as const;

  find({ value }: UserIdentifier): Promise<UserCandidate[]> {
    return Promise.resolve(value === 'uid=ann' ? [{ subject: 'ann', value }] : []);
  }
}

/** A data source without some of our entities. */
const without = (...left: unknown[]) => ({
  entities: [HostUser, ...coreEntities.filter((entity) => !left.includes(entity))],
});

const withoutUsers = { users: undefined } as unknown as Partial<GlobalRevocationOptions>;

let host: Host;
const start = async (options: HostOptions): Promise<void> => {
  host = await startHost('express', options);
};
afterEach(() => host.app.close());

const call = async (secret: string, subId: object = { format: 'opaque', id: 'nobody' }): Promise<number> => {
  const response = await fetch(`${host.url}/global-token-revocation`, {
    method: 'POST',
    headers: { authorization: basic('from-vault', secret), 'content-type': 'application/json' },
    body: JSON.stringify({ sub_id: subId }),
  });
  return response.status;
};

test('accepts clients of a host registry with its own dependency, without the entity Client', async () => {
  await start({
    dataSource: without(Client),
    extras: { imports: [VaultModule], clientRegistry: VaultClients },
  });
  expect([await call('vault-secret'), await call('wrong')]).toEqual([404, 401]);
});

test('accepts a client registry given as a provider', async () => {
  const clientRegistry = { useFactory: (vault: Vault) => new VaultClients(vault), inject: [Vault] };
  await start({ dataSource: without(Client), extras: { imports: [VaultModule], clientRegistry } });
  expect(await call('vault-secret')).toBe(404);
});

test('accepts the ports in forRootAsync', async () => {
  await start({
    dataSource: without(Client, FeatureFlag),
    extras: { imports: [VaultModule], clientRegistry: VaultClients, featureFlagStore: MemoryFlags },
    async: true,
  });
  expect(await call('vault-secret')).toBe(404);
});

test('uses the flag store of the host, and returns 503 when it fails', async () => {
  const flags = new MemoryFlags();
  flags.stored.set('GLOBAL_TOKEN_REVOCATION', false);
  await start({
    dataSource: without(Client, FeatureFlag),
    extras: { imports: [VaultModule], clientRegistry: VaultClients, featureFlagStore: { useValue: flags } },
  });
  expect(await call('vault-secret')).toBe(403);
  await new Promise((resolve) => setTimeout(resolve, 600));
  flags.broken = true;
  expect(await call('vault-secret')).toBe(503);
});

test('returns 503 when the client registry of the host fails', async () => {
  class Broken extends ClientRegistry {
    find(): Promise<undefined> {
      return Promise.reject(new TypeError('x is not a function'));
    }
  }
  await start({ dataSource: without(Client), extras: { clientRegistry: Broken } });
  expect(await call('vault-secret')).toBe(503);
});

test('revokes users of a host directory without the option `users`', async () => {
  await start({
    dataSource: without(Client),
    options: withoutUsers,
    extras: { imports: [VaultModule], clientRegistry: VaultClients, userDirectory: Ldap },
  });
  expect(await call('vault-secret', { format: 'opaque', id: 'uid=ann' })).toBe(204);
  expect(await call('vault-secret', { format: 'opaque', id: 'uid=ben' })).toBe(404);
  expect(await call('vault-secret', { format: 'uid', id: 'ann' })).toBe(400);
  expect(await host.app.get(SubjectEpochs).current('ann')).toBeGreaterThan(0);
});
