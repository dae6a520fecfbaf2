import type { DataSource, EntityManager } from 'typeorm';
import { Client, inTransaction, isDriverError, onPrimary, patiently } from 'nestjs-global-revocation';
import { sha256Hex } from 'nestjs-global-revocation/administration';
import { OpUser } from './op/op-user.entity.js';
import { hashPassword } from './op/passwords.js';
import { SettingsError } from './settings/settings-error.js';
import { settingName } from './settings/settings-table.js';
import type { Settings } from './settings/settings.js';
import { demoClients, type demoPageClient, demoPeople, type demoShopClient } from './demo-data.js';

/** Made once: hashing their passwords takes a fifth of a start, and tests start many servers in one process. */
let people: Promise<OpUser[]> | undefined;

/** Adds the demo people and clients in one transaction, unless the database already has a person or client. */
export async function seedDemo(dataSource: DataSource): Promise<void> {
  if (!(await onPrimary(dataSource, isEmpty))) return;
  const users = await (people ??= Promise.all(demoPeople.map(asUser)));
  await unlessAnotherNodeHas(dataSource, async (manager) => {
    if (!(await isEmpty(manager))) return;
    await manager.insert(OpUser, structuredClone(users));
    await manager.insert(Client, demoClients.map(asClient) as never);
  });
}

const isEmpty = async (manager: EntityManager): Promise<boolean> =>
  !(await manager.exists(Client)) && !(await manager.exists(OpUser));

/** Registers a client of the demo page in a database with demo data, or updates its issuer. */
export async function seedDemoPage(dataSource: DataSource, page: DemoPageClient): Promise<void> {
  const client = asClient(page);
  const { clientIdHash, metadata } = client;
  await unlessAnotherNodeHas(dataSource, async (manager) => {
    if (!(await manager.existsBy(Client, { demo: 1 }))) return;
    if (await manager.existsBy(Client, { clientIdHash })) {
      await manager.update(Client, { clientIdHash, demo: 1 }, { metadata } as never);
    } else {
      await manager.insert(Client, client as never);
    }
  });
}

/** Runs a job in one transaction. If two nodes start at once, the second ignores the duplicate rows. */
async function unlessAnotherNodeHas(
  dataSource: DataSource,
  seed: (manager: EntityManager) => Promise<void>,
): Promise<void> {
  try {
    await patiently(() => inTransaction(dataSource, seed));
  } catch (error) {
    if (!isDriverError(error, 'duplicateKey')) throw error;
  }
}

/** @throws Error if the database contains demo data, whose passwords and secrets are public */
export async function refuseDemo(dataSource: DataSource): Promise<void> {
  const hasDemo = await onPrimary(
    dataSource,
    async (manager) => (await manager.existsBy(Client, { demo: 1 })) || manager.existsBy(OpUser, { demo: 1 }),
  );
  if (hasDemo)
    throw new Error('the database contains demo data, whose secrets are public: use another database in production');
}

/** @throws SettingsError unless host and issuer are of this machine: what the demo data contain is published */
export function expectOnlyHere(settings: Settings): void {
  const addresses = { host: settings.host, issuer: new URL(settings.issuer).hostname };
  for (const key of ['host', 'issuer'] as const) {
    if (LOOPBACK.test(addresses[key])) continue;
    const rule =
      'must be an address of this machine, such as localhost, because the passwords of the demo data are published';
    throw new SettingsError(
      `${settingName(settings, key)} ${rule}; set NODE_ENV to production for a server without demo data`,
    );
  }
}

/** @see RFC 6761 §6.3, RFC 5735 §3, RFC 4291 §2.5.3 */
const LOOPBACK =
  /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[?::1\]?|\[?::ffff:(?:127(?:\.\d{1,3}){3}|7f[\da-f]{2}:[\da-f]{1,4})\]?)$/i;

const asUser = async ({ password, ...person }: (typeof demoPeople)[number]): Promise<OpUser> => ({
  ...person,
  passwordHash: await hashPassword(password),
  demo: 1,
});

type DemoPageClient = ReturnType<typeof demoPageClient | typeof demoShopClient>;

type DemoClient = (typeof demoClients)[number] | DemoPageClient;

const asClient = ({ clientId, secret, scope, metadata }: DemoClient): Client => ({
  clientId,
  clientIdHash: sha256Hex(clientId),
  secretHash: sha256Hex(secret),
  scope,
  enabled: 1,
  demo: 1,
  metadata: structuredClone(metadata) as Record<string, unknown>,
  previousSecretHash: null,
  previousSecretExpiresAt: null,
  restrictions: null,
});
