import { Inject, Injectable, Module, Scope } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { EntitySchema } from 'typeorm';
import { afterEach, describe, expect, test } from 'vitest';
import { coreEntities, Sweeper } from '../../../src/module/index.js';
import {
  GLOBAL_REVOCATION_OPTIONS,
  type GlobalRevocationOptions,
} from '../../../src/module/options/global-revocation.options.js';
import { type Host, type HostOptions, HostUser, startHost } from '../host.js';

const users = { entity: HostUser, subject: 'id' };
const target = { entity: HostUser, userColumn: 'id', orderColumn: 'id', action: 'delete' };
const identityProvider = {
  id: 'okta',
  issuers: ['https://idp.example'],
  keys: { jwksUri: 'https://idp.example/keys' },
};

/** Option → the message that refuses it. */
const refused: Array<[option: object, message: string]> = [
  [{ target: [] }, "the module has no option 'target'; it has issuer, users, featureFlags, "],
  [{ issuer: undefined }, 'issuer is missing'],
  [{ issuer: new URL('https://op.example.com') }, 'issuer must be text, and is an object'],
  [{ users: HostUser }, 'users must be an object such as { entity: User, subject: … }, and is the class HostUser'],
  [{ users: { entity: HostUser } }, 'users.subject is missing'],
  [{ users: { ...users, emial: 'login' } }, "users has no option 'emial'; it has entity, subject, attributes, email, "],
  [{ users: { ...users, emailCase: 'Counts' } }, "users.emailCase must be 'ignored' or 'counts', and is 'Counts'"],
  [
    { users: { ...users, attributes: { uid: 5 } } },
    'users.attributes.uid must be the name of a property, or a function',
  ],
  [{ targets: target }, 'targets must be a list, and is an object'],
  [{ targets: [target, { ...target, usercolumn: 'id' }] }, "targets[1] has no option 'usercolumn'; it has entity, "],
  [{ targets: [{ ...target, action: undefined }] }, 'targets[0].action is missing'],
  [{ targets: [{ ...target, action: 'remove' }] }, "targets[0].action must be 'delete' or an object, and is 'remove'"],
  [{ targets: [{ ...target, action: { sets: {} } }] }, "targets[0].action has no option 'sets'; it has set"],
  [{ targets: [{ ...target, counts: 'session' }] }, "counts must be 'sessions' or 'tokens', and is 'session'"],
  [{ recordRetentionDays: -1 }, 'recordRetentionDays must be a whole number of at least 0, and is -1'],
  [{ recordRetentionDays: Number.NaN }, 'recordRetentionDays must be a whole number of at least 0, and is NaN'],
  [{ recordRetentionDays: '30' }, "recordRetentionDays must be a whole number of at least 0, and is '30'"],
  [{ sweepIntervalMs: Number.NaN }, 'sweepIntervalMs must be a whole number from 0 to 2147483647, and is NaN'],
  [{ databaseTimeoutMs: '5s' }, "databaseTimeoutMs must be a whole number from 1 to 2147483647, and is '5s'"],
  [{ databaseTimeoutMs: 0 }, 'databaseTimeoutMs must be a whole number from 1 to 2147483647, and is 0'],
  [{ databaseTimeoutMs: 2 ** 31 }, 'databaseTimeoutMs must be a whole number from 1 to 2147483647'],
  [{ databaseQueue: 0 }, 'databaseQueue must be a whole number of at least 1, and is 0'],
  [{ rateLimits: { call: false } }, "rateLimits has no option 'call'; it has failures, calls, total, storage"],
  [{ rateLimits: { calls: 5 } }, 'rateLimits.calls must be false or an object, and is 5'],
  [{ rateLimits: { calls: { limit: 5, ttl: 60 } } }, "rateLimits.calls has no option 'ttl'; it has limit, ttlSeconds"],
  [{ rateLimits: { calls: { limit: 5 } } }, 'rateLimits.calls.ttlSeconds is missing'],
  [
    { rateLimits: { total: { limit: 0, ttlSeconds: 1 } } },
    'rateLimits.total.limit must be a whole number of at least 1',
  ],
  [{ rateLimits: { storage: new Map() } }, 'rateLimits.storage must be a ThrottlerStorage'],
  [{ startChecks: 'warning' }, "startChecks must be 'refuse' or 'warn' or 'off', and is 'warning'"],
  [{ startChecks: false }, "startChecks must be 'refuse' or 'warn' or 'off', and is false"],
  [{ startChecks: 'off', unknownSubject: 'no_contant' }, "unknownSubject must be 'not_found' or 'no_content'"],
  [{ ambiguousSubject: 'refuse' }, "ambiguousSubject must be 'first' or 'reject', and is 'refuse'"],
  [{ production: 'false' }, "production must be true or false, and is 'false'"],
  [{ featureFlags: { GLOBAL_TOKEN_REVOCATION: 'off' } }, 'featureFlags.GLOBAL_TOKEN_REVOCATION must be true or false'],
  [{ auditKey: 'secret of 32 characters, in text' }, 'auditKey must be a Uint8Array'],
  [{ listeners: [{ afterCommit: () => {} }] }, 'listeners[0] must be a class, and is an object'],
  [
    { identityProviders: [{ ...identityProvider, issuer: 'x' }] },
    "identityProviders[0] has no option 'issuer'; it has id, issuers, ",
  ],
  [{ remoteJwks: { allowedHost: ['a'] } }, "remoteJwks has no option 'allowedHost'; it has allowedHosts, ca"],
  [{ mutualTls: {} }, 'mutualTls.clientCertificate is missing'],
  [{ jwtAccessTokens: {} }, 'jwtAccessTokens.jwks is missing'],
];

const beside = (options: unknown): HostOptions => ({ async: { useFactory: () => options as GlobalRevocationOptions } });

/** How it is composed → the message that refuses it. */
const composed: Array<[name: string, options: HostOptions, message: string]> = [
  [
    'the factory returns nothing',
    beside(undefined),
    'what the factory of forRootAsync returns must be an object, and is undefined',
  ],
  [
    'the factory returns a path',
    beside({ issuer: 'https://op.example.com', users, path: 'x', isGlobal: true }),
    'path stands beside the factory, not in what it returns: forRootAsync({ path: …, useFactory: … })\nisGlobal stands',
  ],
  ['the factory of a misspelt option', beside({ issuer: 'https://op.example.com', users, target: [] }), "'target'"],
  [
    'an option beside the factory',
    { async: true, extras: { issuer: 'https://op.example.com' } as never },
    "forRootAsync has no option 'issuer'; it has useFactory, inject, useClass, ",
  ],
  ['path is a number', { extras: { path: 5 as never } }, 'path must be text, and is 5'],
  ['providers are no list', { extras: { providers: {} as never } }, 'providers must be a list, and is an object'],
];

@Injectable({ scope: Scope.REQUEST })
class OptionsOfTheRequest {
  create(): GlobalRevocationOptions {
    return { issuer: 'https://op.example.com', users };
  }
}

/** Request-scoped by what it depends on. */
@Injectable()
class Tenant {
  constructor(@Inject(REQUEST) readonly request: unknown) {}
}

@Module({ providers: [Tenant], exports: [Tenant] })
class TenantModule {}

const ofARequest: Array<[name: string, options: HostOptions]> = [
  ['useClass', { async: { useClass: OptionsOfTheRequest } }],
  [
    'inject',
    {
      async: { inject: [Tenant], useFactory: () => ({ issuer: 'https://op.example.com', users }) },
      extras: { imports: [TenantModule] },
    },
  ],
];

/** As a host may keep them. */
class Settings implements GlobalRevocationOptions {
  readonly sweepIntervalMs = 0;
  readonly #issuer = 'https://op.example.com';

  get issuer(): string {
    return this.#issuer;
  }

  get users() {
    return users;
  }
}

@Injectable()
class MakesSettings {
  create(): GlobalRevocationOptions {
    return new Settings();
  }
}

const schema = new EntitySchema<HostUser>({
  name: 'HostUser',
  target: HostUser,
  columns: { id: { type: 'varchar', primary: true }, login: { type: 'varchar' } },
});

const unset = { limit: undefined, startChecks: undefined, targets: undefined, misspelt: undefined };

/** Options with which it starts. */
const accepted: Array<[name: string, options: HostOptions]> = [
  ['undefined, of any name', { options: { ...unset } as never }],
  ['undefined among restrictions', { options: { rateLimits: { calls: undefined, total: false } } as never }],
  [
    'undefined of a user source',
    { options: { users: { ...users, email: undefined, iss_sub: { a: undefined } } } as never },
  ],
  [
    'undefined of an identity provider',
    { options: { identityProviders: [{ ...identityProvider, restrictions: { formats: undefined } }] } as never },
  ],
  ['instances of a class, with getters', { async: { useClass: MakesSettings } }],
  [
    'an entity schema',
    { options: { users: { ...users, entity: schema } } as never, dataSource: { entities: [schema, ...coreEntities] } },
  ],
  [
    'undefined beside the options',
    {
      extras: {
        path: undefined,
        version: undefined,
        providers: undefined,
        imports: undefined,
        controllerDecorators: undefined,
        isGlobal: undefined,
      } as never,
    },
  ],
];

let host: Host | undefined;
const messageOf = async (options: HostOptions): Promise<string> => {
  try {
    host = await startHost('express', options);
    return 'it has started';
  } catch (error) {
    return (error as Error).message;
  }
};
afterEach(async () => {
  await host?.app.close();
  host = undefined;
});

describe('options that cannot be so', () => {
  test.each(refused)('%j → does not start: %s', async (option, message) => {
    const said = await messageOf({ options: option });
    expect(said).toMatch(/^GlobalRevocationModule: /);
    expect(said).toContain(message);
  });

  test.each(composed)('%s → does not start', async (_name, options, message) => {
    const said = await messageOf(options);
    expect(said).toMatch(/^GlobalRevocationModule: /);
    expect(said).toContain(message);
  });

  test('several → one message names them all', async () => {
    const said = await messageOf({ options: { databaseQueue: 0, startChecks: 'no', users: { subject: '' } } as never });
    expect(said.split('\n')).toHaveLength(4);
  });

  test('a secret of the wrong kind → is not shown', async () => {
    expect(await messageOf({ options: { auditKey: 'hunter2' } as never })).not.toContain('hunter2');
  });

  test.each(ofARequest)('%s of something for each request → does not start', async (_name, options) => {
    expect(await messageOf(options)).toMatch(
      /^GlobalRevocationModule: the options are made anew for each request, .*: give it the default scope/,
    );
  });
});

describe('options that can be so', () => {
  test.each(accepted)('%s → starts', async (_name, options) => {
    expect(await messageOf(options)).toBe('it has started');
    expect(host!.app.get(Sweeper, { strict: false })).toBeInstanceOf(Sweeper);
  });

  test('members that are undefined → are not there', async () => {
    await messageOf({ options: { rateLimits: { calls: undefined, total: false }, startChecks: undefined } as never });
    const options = host!.app.get<GlobalRevocationOptions>(GLOBAL_REVOCATION_OPTIONS);
    expect(options.rateLimits).toEqual({ total: false });
    expect(Object.keys(options)).not.toContain('startChecks');
  });
});
