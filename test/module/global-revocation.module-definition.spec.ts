import { Inject, Injectable, Module, Scope } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { EntitySchema } from 'typeorm';
import { afterEach, describe, expect, test } from 'vitest';
import { coreEntities, Sweeper } from '../../src/module/index.js';
import type { GlobalRevocationOptions } from '../../src/module/options/global-revocation.options.js';
import { type Host, type HostOptions, HostUser, startHost } from './host.js';

const users = { entity: HostUser, subject: 'id' };
const beside = (options: unknown): HostOptions => ({ async: { useFactory: () => options as GlobalRevocationOptions } });

/** How it is composed → the message that refuses it. */
const composed: Array<[name: string, options: HostOptions, message: string]> = [
  [
    'a factory that returns nothing',
    beside(undefined),
    'what the factory of forRootAsync returns: must be an object, not undefined',
  ],
  [
    'a factory that returns a path',
    beside({ issuer: 'https://op.example.com', users, path: 'x', isGlobal: true }),
    'path: belongs next to the factory, not in what it returns: forRootAsync({ path: …, useFactory: … })\nisGlobal: belongs',
  ],
  [
    'a factory that returns a misspelled option',
    beside({ issuer: 'https://op.example.com', users, target: [] }),
    'target: unknown name; known: issuer, ',
  ],
  [
    'an option beside the factory',
    { async: true, extras: { issuer: 'https://op.example.com' } as never },
    'forRootAsync.issuer: unknown name; known: useFactory, inject, useClass, ',
  ],
  ['a number as path', { extras: { path: 5 as never } }, 'path: must be text, not 5'],
  ['providers that are not a list', { extras: { providers: {} as never } }, 'providers: must be a list, not an object'],
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

/** Options with which it starts. */
const accepted: Array<[name: string, options: HostOptions]> = [
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

describe('invalid options', () => {
  test('prevent startup even when startChecks is off', async () => {
    const said = await messageOf({ options: { startChecks: 'off', unknownSubject: 'no_contant' } as never });
    expect(said).toMatch(/^GlobalRevocationModule: unknownSubject: must be /);
  });

  test.each(composed)('%s prevents startup', async (_name, options, message) => {
    const said = await messageOf(options);
    expect(said).toMatch(/^GlobalRevocationModule: /);
    expect(said).toContain(message);
  });

  test.each(ofARequest)('%s that depends on a request-scoped provider prevents startup', async (_name, options) => {
    expect(await messageOf(options)).toMatch(
      /^GlobalRevocationModule: the options would be created for each request, .*: give it the default scope/,
    );
  });
});

describe('valid options', () => {
  test.each(accepted)('starts with %s', async (_name, options) => {
    expect(await messageOf(options)).toBe('it has started');
    expect(host!.app.get(Sweeper, { strict: false })).toBeInstanceOf(Sweeper);
  });
});
