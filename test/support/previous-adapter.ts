import { createRequire } from 'node:module';
import { knex, type Knex } from 'knex';
import { knexAdapter } from 'oidc-provider-knex-adapter';
import type { Adapter } from 'oidc-provider';
import { AccessTokens } from '../../src/module/caller/access-token/access-tokens.js';
import { RevocationMetadata } from '../../src/module/endpoint/revocation-metadata.js';
import { oidcAdapters } from '../../src/module/oidc-provider/oidc-adapters.js';
import { OidcRevocation } from '../../src/module/oidc-provider/oidc-revocation.service.js';
import { connectProvider } from '../../src/module/oidc-provider/provider-hooks.js';
import type { SubjectEpochs } from '../../src/module/revocation/subject-epochs.js';
import { memoryAdapters } from '../module/oidc-provider/memory-adapter.js';
import { withAdapters } from './adapters.js';
import type { TestDatabase } from './databases.js';
import type { ServerOptions } from './server.js';

type Override = NonNullable<ServerOptions['override']>;
type Adapters = (model: string) => Adapter | undefined;

/** The adapter that a provider had before. */
export interface Previous {
  adapters: Adapters;
  close: () => Promise<void>;
}

/** oidc-provider's own, in memory. */
export const inMemory = (): Promise<Previous> =>
  Promise.resolve({ adapters: memoryAdapters(), close: () => Promise.resolve() });

const require = createRequire(import.meta.url);

/** The published adapter for knex, with a database of its own. */
export async function inKnex(database: TestDatabase): Promise<Previous & { connection: Knex }> {
  const { url, drop } = await database.create();
  const connection = knex(knexConfig(url));
  const migration = 'oidc-provider-knex-adapter/db/migrations/20210201121124_create_oidc_payloads_table.js';
  await (require(migration) as { up: (connection: Knex) => Promise<void> }).up(connection);
  const Stored = knexAdapter(connection, { cleanup: false });
  return {
    connection,
    adapters: (model) => (NOT_IN_KNEX.has(model) ? undefined : (new Stored(model) as Adapter)),
    close: async () => {
      await connection.destroy();
      await drop();
    },
  };
}

/** Models that adapter has no number for. */
const NOT_IN_KNEX = new Set(['BackchannelAuthenticationRequest', 'PreAuthorizedCode']);

function knexConfig(url: string): Knex.Config {
  if (url.startsWith('sqlite:')) {
    return { client: libsqlClient(), connection: { filename: url.slice('sqlite:'.length) }, useNullAsDefault: true };
  }
  return { client: url.startsWith('postgres') ? 'pg' : 'mysql2', connection: url };
}

/** Its client for better-sqlite3, on the driver that is installed. */
function libsqlClient(): typeof Knex.Client {
  class Client extends (require('knex/lib/dialects/better-sqlite3/index.js') as typeof Knex.Client) {}
  Object.assign(Client.prototype, { _driver: () => require('libsql') as unknown });
  return Client;
}

/** Replaces the adapters of records; that of clients stays. */
const withRecords = (of: (own: (previous?: Adapters) => Adapters) => Adapters): Override =>
  withAdapters((options) => {
    const own = (previousAdapter?: Adapters): Adapters => oidcAdapters({ ...options, previousAdapter });
    const [clients, records] = [own(), of(own)];
    return (model) => (model === 'Client' ? clients(model) : records(model))!;
  });

/** A server that moves records from the previous adapter. */
export const movingFrom = ({ adapters }: Pick<Previous, 'adapters'>): Override => withRecords((own) => own(adapters));

/** A server from before the module: the previous adapter, and nothing compares epochs. */
export const notMoved =
  ({ adapters }: Pick<Previous, 'adapters'>): Override =>
  (builder) =>
    withRecords(() => adapters)(builder)
      .overrideProvider(OidcRevocation)
      .useFactory({
        factory: (metadata: RevocationMetadata, accessTokens: AccessTokens) => {
          const epochs = { areLive: () => Promise.resolve(true) } as unknown as SubjectEpochs;
          const sessions = { haveEnded: () => Promise.resolve(false) };
          const connect: OidcRevocation['connect'] = (provider) =>
            connectProvider(provider, { epochs, sessions, metadata, accessTokens });
          return { connect, epochForSignIn: () => Promise.resolve() };
        },
        inject: [RevocationMetadata, AccessTokens],
      });
