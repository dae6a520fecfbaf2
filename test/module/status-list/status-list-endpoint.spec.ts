import { randomUUID } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { type CanActivate, Logger } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  FeatureFlags,
  jwksSigner,
  RevocationMetadata,
  RevocationService,
  StatusLists,
  SubjectEpochs,
} from '../../../src/module/index.js';
import { StatusListEndpoint } from '../../../src/module/status-list/status-list-endpoint.js';
import { type AdapterName, adapters, type Host, type HostOptions, startHost } from '../host.js';

class Nobody implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

let keys: { keys: Array<Record<string, unknown>> };
let published: ReturnType<typeof createLocalJWKSet>;
beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const more = { kid: 'a', alg: 'ES256', use: 'sig' };
  keys = {
    keys: [
      { kty: 'RSA', alg: 'RS256' },
      { ...(await exportJWK(privateKey)), ...more },
    ],
  };
  published = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), ...more }] });
});

let host: Host | undefined;
afterEach(async () => {
  await host?.app.close();
  host = undefined;
});

describe.each(Object.keys(adapters) as AdapterName[])(
  'draft-ietf-oauth-status-list §5.1, §8, §8.2, §9.1, RFC 9110 §13.1.2: status lists on %s',
  (adapter) => {
    /** A host whose prefix and guard do not apply to lists. */
    const start = async (settings = {}, more: HostOptions = {}) =>
      (host = await startHost(adapter, {
        configure: (app) => app.setGlobalPrefix('api'),
        providers: [{ provide: APP_GUARD, useClass: Nobody }],
        ...more,
        options: { statusLists: { signer: jwksSigner(keys), ...settings } },
      }));
    const newReference = async () => {
      const epoch = await host!.app.get(SubjectEpochs).epochForSignIn('1');
      return (await host!.app.get(StatusLists).referenceFor('1', epoch)).status_list;
    };
    const get = (uri: string, headers: Record<string, string> = {}, method = 'GET') =>
      fetch(uri, { method, headers: { 'Accept-Encoding': 'identity', ...headers } });

    test('a list is signed for its address, and says what has ended', async () => {
      const { url } = await start({}, { issuerPath: '/a' });
      const { idx, uri } = await newReference();
      expect(uri).toMatch(new RegExp(`^${url}/a/status-lists/[0-9a-f-]{36}$`));
      await host!.app.get(RevocationService).revoke('1', { actor: 'test' });
      const response = await get(uri, { Origin: 'https://app.example.com' });
      expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'application/statuslist+jwt']);
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
      expect(response.headers.get('Cache-Control')).toBe('no-cache');
      const { payload, protectedHeader } = await jwtVerify<{
        ttl: number;
        status_list: { bits: number; lst: string };
      }>(await response.text(), published, { typ: 'statuslist+jwt', issuer: `${url}/a`, subject: uri });
      const {
        iat,
        exp,
        ttl,
        status_list: { bits, lst },
      } = payload;
      expect([protectedHeader.kid, exp! - iat!, ttl, bits]).toEqual(['a', 75, 15, 1]);
      const bytes = inflateSync(Buffer.from(lst, 'base64url'));
      expect((bytes[idx >> 3]! >> (idx & 7)) & 1).toBe(1);
    });

    test('ETag: 304 for what is known; gzip if it is accepted; HEAD has no body', async () => {
      await start();
      const { uri } = await newReference();
      const plain = await get(uri);
      const zipped = await get(uri, { 'Accept-Encoding': 'br, gzip;q=0.5' });
      const [tag, zippedTag] = [plain, zipped].map(({ headers }) => headers.get('ETag')!);
      expect([zipped.headers.get('Content-Encoding'), zippedTag]).toEqual(['gzip', tag!.replace(/"$/, '-gzip"')]);
      expect(await zipped.text()).toBe(await plain.text()); // fetch has unzipped it
      expect(plain.headers.get('Vary')).toBe('Accept-Encoding');
      for (const known of [tag!, `W/${tag}`, `"x", ${tag}`, '*']) {
        const response = await get(uri, { 'If-None-Match': known });
        expect([known, response.status, await response.text(), response.headers.get('ETag')]).toEqual([
          known,
          304,
          '',
          tag,
        ]);
      }
      expect((await get(uri, { 'If-None-Match': '"x"' })).status).toBe(200);
      expect((await get(uri, { 'Accept-Encoding': 'gzip;q=0' })).headers.get('Content-Encoding')).toBe(null);
      const head = await get(uri, {}, 'HEAD');
      expect([head.status, head.headers.get('ETag'), await head.text()]).toEqual([200, tag, '']);
    });

    test('aggregation: the metadata name the address of all lists', async () => {
      const { url } = await start({ path: 'lists/of-tokens' });
      const { uri } = await newReference();
      const metadata = host!.app.get(RevocationMetadata);
      const { status_list_aggregation_endpoint: address } = await metadata.claims();
      expect(address).toBe(`${url}/lists/of-tokens`);
      const response = await get(address!);
      expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'application/json']);
      expect(await response.json()).toEqual({ status_lists: [uri] });
      await host!.app.get(FeatureFlags).set('GLOBAL_TOKEN_REVOCATION', false, 'test');
      expect(await metadata.claims()).toEqual({ status_list_aggregation_endpoint: address });
    });

    test('a list that was begun after the last read is served at once', async () => {
      const { url } = await start();
      expect(await (await get(`${url}/status-lists`)).json()).toEqual({ status_lists: [] });
      const { uri } = await newReference();
      expect((await get(uri)).status).toBe(200);
      expect((await get(`${url}/status-lists/${randomUUID()}`)).status).toBe(404);
    });

    test('501 for a time, 405 for POST, 404 for an unknown list, 503 if it cannot be signed', async () => {
      const { url } = await start({ signer: () => Promise.reject(new Error('no key')) });
      const { uri } = await newReference();
      const answers = [
        await get(`${uri}?time=1686925000`),
        await get(uri, {}, 'POST'),
        await get(`${url}/status-lists/unknown`),
        await get(uri),
      ];
      expect(answers.map(({ status }) => status)).toEqual([501, 405, 404, 503]);
      expect(answers[1]!.headers.get('Allow')).toBe('GET, HEAD');
      expect(answers[3]!.headers.get('Retry-After')).toBe('1');
      for (const answer of answers) expect(await answer.json()).toHaveProperty('error_description');
    });

    test('a failure is in the log, unless it comes from the stop of the application', async () => {
      const { uri } = await start({ signer: () => Promise.reject(new Error('no key')) }).then(newReference);
      const logged = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
      expect((await get(uri)).status).toBe(503);
      expect(logged.mock.calls.flat()).toEqual(['a status list cannot be served: Error: no key']);
      host!.app.get(StatusListEndpoint).beforeApplicationShutdown();
      expect((await get(uri)).status).toBe(503);
      expect(logged).toHaveBeenCalledTimes(1);
      vi.restoreAllMocks();
    });

    test('without the option, the path belongs to the host', async () => {
      host = await startHost(adapter);
      expect(await (await get(`${host.url}/status-lists`)).json()).toMatchObject({
        message: 'Cannot GET /status-lists',
      });
      expect(await host.app.get(RevocationMetadata).claims()).not.toHaveProperty('status_list_aggregation_endpoint');
    });
  },
);

test('jwksSigner() needs a private key with an algorithm', () => {
  expect(() =>
    jwksSigner({ keys: [{ kty: 'EC', d: 'x' }, { alg: 'ES256' }, { alg: 'ES256', d: 'x', use: 'enc' }] }),
  ).toThrow('needs a private key');
});
