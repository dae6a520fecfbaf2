import { Controller, type INestApplication, Module, Post, VERSION_NEUTRAL, VersioningType } from '@nestjs/common';
import { ApplicationConfig, ModulesContainer, NestFactory, RouterModule } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { expect, test } from 'vitest';
import { type ControllerVersion, routerPaths } from '../../../src/module/http/nest-internals.js';

interface Habit {
  version?: ControllerVersion;
  modulePath?: string;
  configure?: (app: INestApplication) => unknown;
}

const uri = { type: VersioningType.URI } as const;

const habits: Record<string, Habit> = {
  'nothing in front': {},
  'a global prefix': { configure: (app) => app.setGlobalPrefix('/api') },
  'a global prefix that leaves it out': { configure: (app) => app.setGlobalPrefix('api', { exclude: ['/here'] }) },
  'a version in the path': { version: '2', configure: (app) => app.enableVersioning(uri) },
  'two versions, a prefix of versions': {
    version: ['7', '8'],
    configure: (app) => app.setGlobalPrefix('api').enableVersioning({ ...uri, prefix: 'ver-' }),
  },
  'no version, and others have one': { configure: (app) => app.enableVersioning({ ...uri, defaultVersion: '1' }) },
  'a version in a header': {
    version: '2',
    configure: (app) => app.enableVersioning({ type: VersioningType.HEADER, header: 'X-Version' }),
  },
  'a path of its module': { modulePath: 'tenants/x' },
  'all of these': {
    version: '3',
    modulePath: 'x',
    configure: (app) => app.setGlobalPrefix('api').enableVersioning(uri),
  },
};

test.each(Object.entries(habits))('%s: finds the paths that the router registers', async (_title, habit) => {
  const { version = VERSION_NEUTRAL, modulePath, configure } = habit;

  @Controller({ path: 'here', version })
  class Here {
    @Post()
    answer(): void {}
  }

  @Module({ controllers: [Here] })
  class Declaring {}

  @Module({
    imports: [Declaring, ...(modulePath ? [RouterModule.register([{ path: modulePath, module: Declaring }])] : [])],
  })
  class Host {}

  const registered = new Set<string>();
  const app = await NestFactory.create<NestFastifyApplication>(Host, new FastifyAdapter(), { logger: false });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', ({ url }) => void registered.add(url));
  configure?.(app);
  await app.init();
  const paths = routerPaths(app.get(ApplicationConfig), app.get(ModulesContainer), {
    path: 'here',
    version,
    module: Declaring,
  });
  await app.close();
  expect(paths).not.toEqual([]);
  expect([...registered]).toEqual(expect.arrayContaining(paths));
  expect(paths.length).toBe([...registered].filter((url) => url.endsWith('here')).length);
});
