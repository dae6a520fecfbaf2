import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Logger,
  type NestInterceptor,
  VersioningType,
} from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { SkipThrottle, ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { map, type Observable } from 'rxjs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FeatureFlags, FeatureFlagStore } from '../../../src/module/index.js';
import { type AdapterName, adapters, type Host, type HostOptions, startHost } from '../host.js';
import { send } from './send.js';

const OPENID = '/.well-known/openid-configuration';
const OAUTH = '/.well-known/oauth-authorization-server';

class Wrap implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data: unknown) => ({ data })));
  }
}

class Nobody implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

/** A prefix, versions, a wrapping interceptor, and a guard that lets nobody through. */
const inTheWay: HostOptions = {
  configure: (app) => app.setGlobalPrefix('api').enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }),
  providers: [
    { provide: APP_INTERCEPTOR, useClass: Wrap },
    { provide: APP_GUARD, useClass: Nobody },
  ],
};

let host: Host | undefined;
const start = async (...args: Parameters<typeof startHost>): Promise<Host> => (host = await startHost(...args));
const read = (url: string, call = {}) => send(url, { method: 'GET', ...call });

afterEach(async () => {
  vi.restoreAllMocks();
  await host?.app.close();
  host = undefined;
});

describe.each(Object.keys(adapters) as AdapterName[])(
  'RFC 8414 §3.1, OpenID Connect Discovery 1.0 §4: the option metadata on %s',
  (adapter) => {
    const serve = (metadata: object, more: HostOptions = {}) =>
      start(adapter, { ...more, options: { ...more.options, metadata } });

    test.each<[issuerPath: string, paths: string[], nowhere: string[]]>([
      ['', [OPENID, OAUTH], [`/api${OPENID}`, `/api/v1${OAUTH}`]],
      ['/a/b', [`/a/b${OPENID}`, `${OAUTH}/a/b`], [OPENID, OAUTH, `/a/b${OAUTH}`]],
      ['/a/', [`/a${OPENID}`, `${OAUTH}/a`], [OAUTH]],
    ])('with the issuer path %j, serves exactly the documents of the issuer', async (issuerPath, paths, nowhere) => {
      const { url } = await serve(
        { claims: { token_endpoint: 'https://op.example.com/token' } },
        { ...inTheWay, issuerPath },
      );
      for (const path of paths) {
        const { status, headers, body } = await read(`${url}${path}?x=1`);
        expect([
          status,
          headers['content-type'],
          headers['cache-control'],
          headers['access-control-allow-origin'],
        ]).toEqual([200, 'application/json', 'no-store', '*']);
        const base = url + issuerPath.replace(/\/$/, '');
        expect(JSON.parse(body)).toMatchObject({
          issuer: url + issuerPath,
          token_endpoint: 'https://op.example.com/token',
          global_token_revocation_endpoint: `${base}/api/global-token-revocation`,
        });
        expect(await read(url + path, { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
      }
      for (const path of nowhere) expect((await read(url + path)).body).not.toContain('"issuer"');
    });

    test('asks a function for each request, and keeps the aliases of the host', async () => {
      let calls = 0;
      const claims = () =>
        Promise.resolve({ calls: ++calls, mtls_endpoint_aliases: { token_endpoint: 'https://m.example' } });
      const mutualTls = { clientCertificate: () => undefined, baseUrl: 'https://mtls.example.com' };
      const { url } = await serve({ claims }, { options: { mutualTls } });
      await read(url + OPENID);
      expect(JSON.parse((await read(url + OAUTH)).body)).toMatchObject({
        calls: 2,
        mtls_endpoint_aliases: {
          token_endpoint: 'https://m.example',
          global_token_revocation_endpoint: 'https://mtls.example.com/global-token-revocation',
        },
      });
    });

    test('publishes no endpoint while the flag is off, and answers 503 while it cannot be read', async () => {
      const { url, app } = await serve({ claims: { scopes_supported: ['openid'] } });
      await app.get(FeatureFlags).set('GLOBAL_TOKEN_REVOCATION', false, 'test');
      expect(JSON.parse((await read(url + OPENID)).body)).toEqual({ issuer: url, scopes_supported: ['openid'] });
      await app.get(FeatureFlags).set('GLOBAL_TOKEN_REVOCATION', true, 'test');

      await app.close();
      const readFlags = vi.fn<() => Promise<ReadonlyMap<string, boolean>>>(() => Promise.resolve(new Map()));
      class Failing extends FeatureFlagStore {
        read = readFlags;
        write = () => Promise.resolve(undefined);
      }
      const other = await serve({}, { extras: { featureFlagStore: Failing } });
      readFlags.mockRejectedValue(new Error('no database'));
      await expect
        .poll(() => read(other.url + OPENID), { timeout: 5000 })
        .toMatchObject({ status: 503, body: expect.stringContaining('temporarily_unavailable') as string });
    });

    test('a claims function that fails is answered with 503', async () => {
      const { url } = await serve({ claims: () => Promise.reject(new Error('secret')) });
      const { status, body } = await read(url + OPENID);
      expect([status, body.includes('secret')]).toEqual([503, false]);
    });

    test('other methods, and documents without the option, are left to the host', async () => {
      const { url, app } = await serve({});
      expect((await send(url + OPENID, { method: 'POST' })).status).toBe(404);
      await app.close();
      expect((await read((await start(adapter)).url + OPENID)).status).toBe(404);
    });

    test('a route of the host at the same path prevents startup, and the message names the fix', async () => {
      @Controller('.well-known')
      class Documents {
        @Get('oauth-authorization-server')
        oauth() {
          return {};
        }
      }
      class Module {}
      const imports = [{ module: Module, controllers: [Documents] }];
      await expect(serve({}, { imports })).rejects.toThrow(
        /metadata: the application also has a route at \/\.well-known\/oauth-authorization-server, .*: remove the route/,
      );
      await serve({}, { imports, configure: (app) => app.setGlobalPrefix('api') });
    });
  },
);

test.each<[metadata: object, message: RegExp]>([
  [{ claims: { issuer: 'https://other.example' } }, /metadata\.claims: has `issuer`: set the option `issuer` instead/],
  [{ claims: 'x' }, /metadata\.claims: must be an object or a function, not 'x'/],
  [{ members: {} }, /metadata\.members: unknown name; known: claims/],
])('%j prevents startup', async (metadata, message) => {
  await expect(start('express', { options: { metadata } as never })).rejects.toThrow(message);
});

describe('a global ThrottlerGuard', () => {
  class OwnGuard extends ThrottlerGuard {}
  const limit = (names: Array<string | undefined>): HostOptions => ({
    imports: [ThrottlerModule.forRoot(names.map((name) => ({ ttl: 1000, limit: 1, ...(name && { name }) })))],
    providers: [{ provide: APP_GUARD, useClass: OwnGuard }],
  });

  test.each<[title: string, names: Array<string | undefined>, decorators: ClassDecorator[], fix: string | undefined]>([
    ['without SkipThrottle', [undefined], [], 'add `SkipThrottle()` of'],
    ['with SkipThrottle', [undefined], [SkipThrottle() as ClassDecorator], undefined],
    [
      'of another name',
      ['short', 'a-b'],
      [SkipThrottle() as ClassDecorator],
      'add `SkipThrottle({ short: true, "a-b": true })`',
    ],
    ['skipped by its name', ['short'], [SkipThrottle({ short: true }) as ClassDecorator], undefined],
  ])('%s warns unless the endpoint is left out', async (_title, names, controllerDecorators, fix) => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    await start('express', { ...limit(names), extras: { controllerDecorators } });
    const warned = warn.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('ThrottlerGuard'));
    expect(warned).toEqual(fix === undefined ? [] : [expect.stringContaining(fix)]);
  });
});
