import { generateKeyPairSync } from 'node:crypto';
import { Inject, Injectable, Logger, Module, Scope } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import {
  Column,
  DataSource,
  type DataSourceOptions,
  Entity,
  type MigrationInterface,
  PrimaryColumn,
  type QueryRunner,
  ViewColumn,
  ViewEntity,
} from 'typeorm';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  Client,
  ClientRegistry,
  coreEntities,
  coreMigrations,
  FeatureFlag,
  FeatureFlagStore,
  GlobalRevocationModule,
  type GlobalRevocationOptions,
  RevocationMetadata,
  RevocationService,
  type RevocationTarget,
  StartChecks,
  UserDirectory,
} from '../../../src/module/index.js';
import { oidcProviderEntities } from '../../../src/module/oidc-provider/entities.js';
import { sharedSignalsEntities } from '../../../src/module/shared-signals/entities.js';
import { CreateHostUser1, type Host, type HostOptions, HostUser, startHost } from '../host.js';

/** Leaves a table as an older version would have it. */
class DropSecondSecret implements MigrationInterface {
  readonly name = 'DropSecondSecret9763769600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('gtr_client', 'previous_secret_hash');
  }

  async down(): Promise<void> {}
}

class NoClients extends ClientRegistry {
  find(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

class NoFlags extends FeatureFlagStore {
  read(): Promise<ReadonlyMap<string, boolean>> {
    return Promise.resolve(new Map());
  }

  write(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

class Nobody extends UserDirectory {
  readonly formats = ['opaque'] as const;

  find(): Promise<[]> {
    return Promise.resolve([]);
  }
}

@Injectable({ scope: Scope.REQUEST })
class NobodyForThisRequest extends Nobody {}

/** Request-scoped by what it depends on. */
@Injectable()
class ClientsOfTheRequest extends NoClients {
  constructor(@Inject(REQUEST) readonly request: unknown) {
    super();
  }
}

/** A module of the host that wants services of ours. */
@Module({ imports: [GlobalRevocationModule] })
class ByName {}

/** Of a table that no migration makes. */
@Entity()
class Unmade {
  @PrimaryColumn('varchar')
  id!: string;

  @Column('varchar')
  login!: string;
}

/** Some of the users. */
@ViewEntity('active_user')
class ActiveUser {
  @ViewColumn()
  id!: string;
}

class CreateActiveUser2 implements MigrationInterface {
  readonly name = 'CreateActiveUser1763769600009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE VIEW active_user AS SELECT id FROM host_user WHERE login <> ''`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW active_user');
  }
}

const host = HostUser;
const users = (more: object) =>
  ({ users: { entity: host, subject: 'id', ...more } }) as Partial<GlobalRevocationOptions>;
const entities = (left: readonly unknown[]) => ({
  dataSource: { entities: [host, ...coreEntities.filter((entity) => !left.includes(entity))] },
});
const unmigrated = { dataSource: { migrations: [CreateHostUser1] } };

const jwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
const sender = {
  id: 'idp',
  issuers: ['https://idp.example'],
  keys: { jwks: { keys: [{ ...jwk }] } },
  logoutClientId: 'us',
};

const wrongTarget = { entity: host, userColumn: 'nowhere', action: 'delete' } as RevocationTarget;

/** What is wrong → what the message says is wrong, and what to do. */
const faults: Array<[fault: string, options: HostOptions, message: RegExp[]]> = [
  [
    'no entity of the module',
    entities(coreEntities),
    [/has no entity Client, FeatureFlag, .*: add \.\.\.coreEntities to its `entities`/],
  ],
  [
    'a logoutClientId of an issuer whose accounts are not linked, and the path of the endpoint',
    { options: { identityProviders: [sender], logoutPath: 'global-token-revocation' } },
    [
      /logoutPath: 'global-token-revocation' is the path of the endpoint: choose another one/,
      /'idp' has a logoutClientId, but users.iss_sub has no 'https:\/\/idp.example', so its .*: map it/,
    ],
  ],
  [
    'a logoutPath below that of status lists',
    {
      options: {
        identityProviders: [sender],
        logoutPath: 'status-lists/logout',
        statusLists: { signer: () => '' },
      },
    },
    [
      /logoutPath: 'status-lists\/logout' is the path of status lists: choose another one/,
      /'idp' has a logoutClientId, but users.iss_sub has no/,
    ],
  ],
  [
    'a logoutClientId and a directory that cannot name accounts',
    { options: { identityProviders: [sender] }, extras: { userDirectory: { useClass: Nobody } } },
    [/'idp' has a logoutClientId, but userDirectory does not support the format iss_sub, .*: add it to `formats`/],
  ],
  [
    "logoutEnds: 'session' without the oidc-provider adapter",
    {
      options: {
        identityProviders: [{ ...sender, logoutEnds: 'session' }],
        users: { entity: host, subject: 'id', iss_sub: { 'https://idp.example': 'login' } },
      },
    },
    [/'idp' has logoutEnds: 'session', but only the oidc-provider adapter .*: add \.\.\.oidcProviderEntities to the/],
  ],
  ['a missing entity', entities([Client]), [/has no entity Client: add .* or pass your own `clientRegistry`/]],
  [
    'a missing table of the module',
    unmigrated,
    [
      /the tables (?=.*gtr_client)gtr_.* do not match their entities \(.*no such table: gtr_client[;)].*: run the migrations: add \.\.\.coreMigrations to the `migrations` of the DataSource and set `migrationsRun: true`, or run them with your own$/,
    ],
  ],
  [
    'a missing column of the module',
    { dataSource: { migrations: [CreateHostUser1, ...coreMigrations, DropSecondSecret] } },
    [/gtr_client does not match its entity \(.*previous_secret_hash.*\): run the migrations/],
  ],
  [
    'the missing table of the adapter',
    { dataSource: { entities: [host, ...coreEntities, ...oidcProviderEntities] } },
    [/gtr_oidc_record .*: run the migrations: add \.\.\.oidcProviderMigrations/],
  ],
  [
    'the missing tables of Shared Signals',
    { dataSource: { entities: [host, ...coreEntities, ...sharedSignalsEntities] } },
    [/gtr_ssf_stream.*: run the migrations: add \.\.\.sharedSignalsMigrations/],
  ],
  [
    'a table prefix',
    { dataSource: { entityPrefix: 'app_' } },
    [/the table gtr_\w+ is called app_gtr_\w+: remove `entityPrefix`/],
  ],
  [
    'no user source',
    { options: { users: undefined } as never },
    [/no users are configured: set the option `users`, or pass your own `userDirectory`/],
  ],
  [
    'a user entity outside the data source',
    { options: users({ entity: Unmade, email: 'login' }) },
    [/users\.entity: the DataSource has no entity Unmade: add it to its `entities`/],
  ],
  [
    'a user entity without a table',
    { options: users({ entity: Unmade }), dataSource: { entities: [host, Unmade, ...coreEntities] } },
    [/users\.entity: the table unmade does not match Unmade \(.*no such table.*\): run your migrations/],
  ],
  [
    'users.subject',
    { options: users({ subject: 'uuid' }) },
    [/users\.subject: HostUser has no column 'uuid'; it has id, login/],
  ],
  ['users.email', { options: users({ email: 'mail' }) }, [/users\.email: HostUser has no column 'mail'/]],
  [
    'users.attributes',
    { options: users({ attributes: { uid: 'Login', x: 'id' } }) },
    [/users\.attributes\.uid: HostUser has no column 'Login'/],
  ],
  [
    'users.iss_sub',
    { options: users({ iss_sub: { 'https://idp.example': 'idp' } }) },
    [/users\.iss_sub\.https:\/\/idp\.example: HostUser has no column 'idp'/],
  ],
  [
    'users.orderBy and users.tenant',
    { options: users({ orderBy: 'created', tenant: 'tenantId' }) },
    [/users\.orderBy: .*'created'/, /users\.tenant: .*'tenantId'/],
  ],
  [
    'a second call of forRoot',
    {
      imports: [
        GlobalRevocationModule.forRoot({ issuer: 'https://op.example', users: { entity: host, subject: 'id' } }),
      ],
    },
    [/forRoot was called 2 times for the path global-token-revocation: call it once, and import the object/],
  ],
  [
    'an import of the bare module class',
    { imports: [ByName] },
    [/the class itself has no options: import the object that forRoot\({ … }\) .*, or set `isGlobal: true`/],
  ],
  [
    'a request-scoped user directory',
    { extras: { userDirectory: NobodyForThisRequest } },
    [/userDirectory is created for each request, .*: give it the default scope/],
  ],
  [
    'a client registry with a request-scoped dependency',
    { extras: { clientRegistry: ClientsOfTheRequest } },
    [/clientRegistry is created for each request/],
  ],
  [
    'a prefix with a parameter',
    { configure: (app) => app.setGlobalPrefix(':tenant') },
    [/its path is the pattern \/:tenant\/global-token-revocation: exclude it from the global prefix/],
  ],
  [
    'a path with a space',
    { extras: { path: 'sign out' } },
    [/path 'sign out' has the character ' ', which is not allowed: use letters, digits/],
  ],
  [
    'several problems',
    { ...unmigrated, options: users({ subject: 'uuid' }) },
    [/gtr_client/, /gtr_revocation/, /users\.subject/],
  ],
  [
    'invalid targets without tables',
    { ...unmigrated, options: { targets: [wrongTarget, wrongTarget] } },
    [/gtr_client/, /targets\[0\]: userColumn 'nowhere' is not/, /targets\[1\]: userColumn 'nowhere' is not/],
  ],
  [
    'SQLite without durability in production',
    {
      options: { production: true },
      dataSource: { prepareDatabase: ((db: Pragmas) => db.pragma('synchronous = NORMAL')) as never } as never,
    },
    [/a power failure can undo a revocation that was answered with 204: set `prepareDatabase/],
  ],
  [
    'an unsupported database',
    otherKind(),
    [/database type 'expo' is not supported; the `type` of the DataSource can be mysql, mariadb, better-sqlite3/],
  ],
];

interface Pragmas {
  pragma(text: string): unknown;
}

/** A data source that says that it is of another type. */
function otherKind(): HostOptions {
  const dataSourceFactory = async (options?: DataSourceOptions): Promise<DataSource> =>
    (await new DataSource(options!).initialize()).setOptions({ type: 'expo' } as never);
  return { dataSourceFactory };
}

const started: Host[] = [];
const start = async (options: HostOptions): Promise<Host> => {
  const host = await startHost('express', options);
  started.push(host);
  return host;
};
/** What stops the start. */
const messageOf = (options: HostOptions): Promise<string> =>
  start(options).then(
    () => 'it has started',
    (error: Error) => error.message,
  );
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(started.splice(0).map(({ app }) => app.close()));
});

describe('a host that cannot start', () => {
  test.each(faults)('%s prevents startup, and the message contains the fix', async (_fault, options, expected) => {
    const message = await messageOf(options);
    expect(message).toMatch(/^GlobalRevocationModule: /);
    for (const pattern of expected) expect(message).toMatch(pattern);
  });
});

/** TypeORM's module warns about several hosts in one process. */
const ours = (warn: { mock: { calls: unknown[][] } }) =>
  warn.mock.calls.filter(([text]) => !String(text).includes('data source with the default name'));

describe('a host that can start', () => {
  test('has no findings when everything is set up correctly', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn');
    const { app } = await start({});
    expect(await app.get(StartChecks).findings()).toEqual([]);
    expect(ours(warn)).toEqual([]);
  });

  test('needs neither `users` nor the entities of ports that it replaces', async () => {
    await start({
      ...entities([Client, FeatureFlag]),
      options: { users: undefined } as never,
      extras: { clientRegistry: NoClients, featureFlagStore: NoFlags, userDirectory: Nobody },
    });
  });

  test('may use a function as a mapping', async () => {
    await start({ options: users({ account: () => undefined, iss_sub: { 'https://idp.example': 'login' } }) });
  });

  test.each(['ignored', 'counts'])(
    "may set users.emailCase to '%s' without a property of that name",
    async (emailCase) => {
      await start({ options: users({ email: 'login', emailCase }) });
    },
  );

  test('starts with a warning when SQLite lacks durability outside of production', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    await start({
      options: { production: false },
      dataSource: { prepareDatabase: (db: Pragmas) => db.pragma('synchronous = OFF') } as never,
    });
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('a power failure can undo a revocation'));
  });

  test('is in production when NODE_ENV says so and the options do not', async () => {
    const forgetful = { prepareDatabase: (db: Pragmas) => db.pragma('synchronous = OFF') } as never;
    vi.stubEnv('NODE_ENV', 'production');
    try {
      expect(await messageOf({ dataSource: forgetful })).toContain('a power failure can undo a revocation');
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test('a view as user entity causes a warning', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    await start({
      options: users({ entity: ActiveUser }),
      dataSource: {
        entities: [host, ActiveUser, ...coreEntities],
        migrations: [CreateHostUser1, CreateActiveUser2, ...coreMigrations],
      },
    });
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/ActiveUser is a view: .*: use the entity of the table/));
  });

  test("logs all findings with startChecks: 'warn' and skips the checks with 'off'", async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const { app } = await start({ ...unmigrated, options: { startChecks: 'warn' } });
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('gtr_client'));
    warn.mockClear();
    await start({ ...unmigrated, options: { startChecks: 'off' } });
    expect(ours(warn)).toEqual([]);
    expect((await app.get(StartChecks).findings()).map(({ check }) => check)).toContain('tables');
  });

  test("starts with startChecks: 'off' and an invalid target, but can revoke nobody", async () => {
    const { app } = await start({ options: { startChecks: 'off', targets: [wrongTarget] } });
    expect((await app.get(StartChecks).findings()).map(({ check }) => check)).toEqual(['targets']);
    await expect(app.get(RevocationService).revoke('1', { actor: 'test' })).rejects.toMatchObject({
      reason: 'unavailable',
      cause: { message: expect.stringContaining("targets[0]: userColumn 'nowhere'") as string },
    });
  });

  test('logs a warning when rows of a target are never swept', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const target = { ...wrongTarget, userColumn: 'id', orderColumn: 'login' } as RevocationTarget;
    const swept = { startChecks: 'warn' as const, targets: [target] };
    await start({ options: { ...swept, sweepIntervalMs: 60_000 } });
    expect(warn).not.toHaveBeenCalledWith(expect.stringContaining('stay live until a process sweeps'));
    await start({ options: { ...swept, sweepIntervalMs: 0 } });
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('rows in host_user that the first batch does not end'));
  });

  test('publishes a clean URL for an issuer with a path and a trailing slash', async () => {
    const { app } = await start({ options: { issuer: 'https://op.example.com/a/' } });
    expect(await app.get(RevocationMetadata).claims()).toMatchObject({
      global_token_revocation_endpoint: 'https://op.example.com/a/global-token-revocation',
    });
  });
});
