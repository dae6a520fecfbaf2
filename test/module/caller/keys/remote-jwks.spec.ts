import dns from 'node:dns';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jwtVerify, type JWTVerifyGetKey } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { RemoteJwks } from '../../../../src/module/caller/keys/remote-jwks.js';
import type { RemoteJwksOptions } from '../../../../src/module/options/public-keys.options.js';
import { resolveOptions } from '../../../../src/module/options/global-revocation.options.js';
import { authority, type Certificate } from '../../../support/certificates.js';
import { shorten } from '../../../support/shorten.js';
import { within } from '../../../support/within.js';
import { KeyServer, keysOf } from '../key-server.js';
import { Signer } from '../signer.js';

const remoteJwks = (options: RemoteJwksOptions) =>
  new RemoteJwks(resolveOptions({ issuer: 'https://op.example.com', remoteJwks: options }).remoteJwks);

describe('RFC 7517 §5: keys fetched from a URL', () => {
  let ca: Certificate;
  let signer: Signer;
  let keyServer: KeyServer;

  beforeAll(async () => {
    [ca, signer] = [await authority(), await Signer.create()];
  });
  beforeEach(async () => {
    keyServer = await KeyServer.start(
      keysOf(() => signer.jwks),
      '127.0.0.1',
      ca,
    );
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    vi.useRealTimers();
    await keyServer.stop();
  });

  /** As configured by somebody whose keys are on this machine on purpose. */
  const trusting = () => remoteJwks({ allowedHosts: ['localhost'], ca: [ca.certificate] });
  const verify = async (keys: JWTVerifyGetKey, kid = 'key-1') =>
    jwtVerify(await signer.sign({ jti: 'x' }, { kid }), keys);
  const unavailable = { reason: 'unavailable', details: 'keys' };

  test('fetches keys when they are needed, then keeps them', async () => {
    const jwks = trusting();
    const keys = jwks.at(keyServer.url());
    expect(keyServer.requests).toBe(0);
    for (let i = 0; i < 5; i += 1) await verify(keys);
    await verify(jwks.at(keyServer.url()));
    expect(keyServer.requests).toBe(1);
  });

  test('trusts the authorities of NODE_EXTRA_CA_CERTS and of the option', async () => {
    const other = await authority();
    const file = join(await mkdtemp(join(inject('tempDir'), 'ca-')), 'extra.pem');
    await writeFile(file, ca.certificate);
    vi.stubEnv('NODE_EXTRA_CA_CERTS', file);
    try {
      await verify(remoteJwks({ allowedHosts: ['localhost'], ca: [other.certificate] }).at(keyServer.url()));
      vi.stubEnv('NODE_EXTRA_CA_CERTS', `${file}.not-there`);
      await verify(trusting().at(keyServer.url()));
      const keys = remoteJwks({ allowedHosts: ['localhost'], ca: [other.certificate] }).at(keyServer.url());
      await expect(verify(keys)).rejects.toMatchObject(unavailable);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test('100 unknown kids cause one fetch, and later ones cause one more', async () => {
    const keys = trusting().at(keyServer.url());
    const tries = Array.from({ length: 50 }, (_, i) => verify(keys, `unknown-${i}`));
    for (const outcome of await Promise.allSettled(tries)) expect(outcome.status).toBe('rejected');
    expect(keyServer.requests).toBe(1);
    for (let i = 0; i < 50; i += 1) {
      await expect(verify(keys, `later-${i}`)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    }
    expect(keyServer.requests).toBe(2);
    await verify(keys);
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 5001);
    await expect(verify(keys, 'still-unknown')).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    expect(keyServer.requests).toBe(3);
  });

  test('tries keys without kid for any kid in the header, but never keys with another kid', async () => {
    const { kid: _kid, ...nameless } = signer.jwk;
    const named = await Signer.create('named');
    keyServer.answer = keysOf(() => ({ keys: [named.jwk, nameless] }));
    const keys = trusting().at(keyServer.url());
    await verify(keys, 'whatever');
    const token = await named.sign({ jti: 'x' }, { kid: 'whatever' });
    await expect(jwtVerify(token, keys)).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    expect(keyServer.requests).toBe(2);
  });

  test('finds a key published right after the last fetch with one more fetch for all who wait', async () => {
    const keys = trusting().at(keyServer.url());
    await verify(keys);
    const next = await Signer.create('key-2');
    keyServer.answer = (request, response) =>
      void setTimeout(() => keysOf(() => ({ keys: [signer.jwk, next.jwk] }))(request, response), 50);
    const token = await next.sign({ jti: 'x' });
    await Promise.all(Array.from({ length: 20 }, () => jwtVerify(token, keys)));
    expect(keyServer.requests).toBe(2);
  });

  test('fetches a set again when none of its keys fits the header', async () => {
    const { kid: _kid, ...nameless } = (await Signer.create('other', 'RS256')).jwk;
    keyServer.answer = keysOf(() => ({ keys: [nameless] }));
    const keys = trusting().at(keyServer.url());
    await expect(verify(keys)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    keyServer.answer = keysOf(() => signer.jwks);
    await verify(keys);
    expect(keyServer.requests).toBe(2);
  });

  test('answers unavailable when the fetch for a new key fails, and still uses known keys', async () => {
    const keys = trusting().at(keyServer.url());
    await verify(keys);
    keyServer.answer = (_request, response) => response.writeHead(500).end();
    for (let i = 0; i < 3; i += 1) {
      const outcome = await verify(keys, `unknown-${i}`).catch((error: unknown) => error);
      if (i === 0) expect(outcome).toMatchObject(unavailable);
    }
    await verify(keys);
    expect(keyServer.requests).toBe(2);
  });

  test('names the address for the log when the fetch fails, without its query, which may contain a secret', async () => {
    keyServer.answer = (_request, response) => response.writeHead(500).end();
    const address = keyServer.url();
    const outcome = await verify(trusting().at(`${address}?key=hidden`)).catch((error: unknown) => error);
    expect(outcome).toMatchObject({ ...unavailable, cause: { message: `${address}: the answer is 500` } });
  });

  test('rejects a withdrawn key after ten minutes at most, even if the clock is set back', async () => {
    const keys = trusting().at(keyServer.url());
    await verify(keys);
    const next = await Signer.create('key-2');
    keyServer.answer = keysOf(() => next.jwks);
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000); // somebody sets the clock back
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 601_000);
    await expect(verify(keys)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  });

  describe('a failing key server is unavailable, and is not asked again for five seconds', () => {
    test.each<[string, KeyServer['answer']]>([
      ['an error status', (_request, response) => response.writeHead(500).end()],
      ['an empty answer', (_request, response) => response.writeHead(204).end()],
      ['text that is not JSON', (_request, response) => response.writeHead(200).end('<html>')],
      ['JSON without keys', (_request, response) => response.writeHead(200).end('{"key":1}')],
      ['null', (_request, response) => response.writeHead(200).end('null')],
      ['compressed', (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x')],
      ['a broken connection', (request) => request.socket.destroy()],
      [
        'a truncated answer',
        (request, response) => {
          response.writeHead(200, { 'content-length': '1000' }).write('{"keys":[');
          setTimeout(() => request.socket.destroy(), 20);
        },
      ],
    ])('%s', async (_title, answer) => {
      keyServer.answer = answer;
      const keys = trusting().at(keyServer.url());
      for (let i = 0; i < 5; i += 1) await expect(verify(keys)).rejects.toMatchObject(unavailable);
      expect(keyServer.requests).toBe(1);

      keyServer.answer = keysOf(() => signer.jwks);
      vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 5001);
      await verify(keys);
    });

    test.each([301, 302, 303, 307, 308])('does not follow a redirect (%i)', async (status) => {
      const target = await KeyServer.start(
        keysOf(() => signer.jwks),
        '127.0.0.1',
        ca,
      );
      keyServer.answer = (_request, response) => response.writeHead(status, { location: target.url() }).end();
      await expect(verify(trusting().at(keyServer.url()))).rejects.toMatchObject(unavailable);
      expect(target.requests).toBe(0);
      await target.stop();
    });

    test('stops reading a body of 10 MB after 64 kB', async () => {
      let sent = 0;
      keyServer.answer = (_request, response) => {
        response.writeHead(200);
        const more = (): void => {
          while (sent < 10_000_000) {
            sent += 16_384;
            if (!response.write(Buffer.alloc(16_384, ' '))) return void response.once('drain', more);
          }
          response.end();
        };
        more();
      };
      await expect(verify(trusting().at(keyServer.url()))).rejects.toMatchObject(unavailable);
      await sleep(100);
      expect(sent).toBeLessThan(9_000_000);
    });

    test('rejects a body one byte over 64 kB', async () => {
      const body = JSON.stringify({ keys: [signer.jwk] }).padEnd(65_537);
      keyServer.answer = (_request, response) => void response.writeHead(200).end(body);
      await expect(verify(trusting().at(keyServer.url()))).rejects.toMatchObject(unavailable);
    });

    test('reads a body of exactly 64 kB', async () => {
      const body = JSON.stringify({ keys: [signer.jwk] }).padEnd(65_536);
      keyServer.answer = (_request, response) => void response.writeHead(200).end(body);
      await verify(trusting().at(keyServer.url()));
    });

    test('gives up after 5 s when the server drips bytes or never finishes the handshake', async () => {
      keyServer.answer = (_request, response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write(' '), 100);
        response.on('close', () => clearInterval(drip));
      };
      const silent = createServer(() => {});
      await once(silent.listen(0, '127.0.0.1'), 'listening');
      const { port } = silent.address() as { port: number };
      const shortened = shorten(5000, 500);
      const start = performance.now();
      const jwks = trusting();
      const tries = [keyServer.url(), `https://localhost:${port}/`].map(async (url) => verify(jwks.at(url)));
      await within(10_000, Promise.all(tries.map((tried) => expect(tried).rejects.toMatchObject(unavailable))));
      expect(performance.now() - start).toBeGreaterThan(450);
      expect(shortened()).toBe(2);
      silent.close();
    });

    test('sends no request to a server with an untrusted certificate', async () => {
      const jwks = remoteJwks({ allowedHosts: ['localhost'] });
      await expect(verify(jwks.at(keyServer.url()))).rejects.toMatchObject(unavailable);
      expect(keyServer.requests).toBe(0);
    });

    test('sends no request to a server with the certificate of another name', async () => {
      vi.spyOn(dns, 'lookup').mockImplementation(answering('127.0.0.1'));
      const jwks = remoteJwks({ allowedHosts: ['other.example'], ca: [ca.certificate] });
      await expect(verify(jwks.at(keyServer.url('other.example')))).rejects.toMatchObject(unavailable);
      expect(keyServer.requests).toBe(0);
    });
  });

  test.each(['http://localhost', 'https://user:password@localhost', 'https://:password@localhost', 'ftp://localhost'])(
    'does not fetch from %s',
    async (origin) => {
      const address = `${origin}:${keyServer.port}/keys`;
      await expect(verify(trusting().at(address))).rejects.toMatchObject(unavailable);
      expect(keyServer.handshakes).toBe(0);
    },
  );

  describe('RFC 8725 §3.10: opens no connection to an address that is not public', () => {
    let six: KeyServer | undefined;

    beforeAll(async () => {
      six = await KeyServer.start(
        keysOf(() => signer.jwks),
        '::1',
        ca,
      ).catch(() => undefined);
    });
    afterAll(() => six?.stop());

    const careful = () => remoteJwks({ ca: [ca.certificate] });

    test.each([
      ...['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0x7f.0.0.1', '0177.0.0.1', '017700000001', '127.0.0.1.'],
      ...['localhost', 'LOCALHOST', 'localhost.', '0.0.0.0', '0', '①②⑦.0.0.1', '127。0。0。1'],
      ...['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:7f00:0001]'],
    ])('%s', async (host) => {
      await expect(verify(careful().at(keyServer.url(host)))).rejects.toMatchObject(unavailable);
      expect([keyServer.handshakes, keyServer.requests]).toEqual([0, 0]);
    });

    test.each(['[::1]', '[0:0:0:0:0:0:0:1]', '[::]'])('%s', async (host) => {
      const target = six ?? keyServer;
      await expect(verify(careful().at(target.url(host)))).rejects.toMatchObject(unavailable);
      expect([target.handshakes, target.requests]).toEqual([0, 0]);
    });

    test('rejects a name that first resolves to a public address and then to a local one', async () => {
      vi.spyOn(dns.promises, 'lookup').mockResolvedValue({ address: '93.184.215.14', family: 4 } as never);
      vi.spyOn(dns.promises, 'resolve4').mockResolvedValue(['93.184.215.14']);
      const lookup = vi.spyOn(dns, 'lookup').mockImplementation(answering('127.0.0.1'));
      await expect(verify(careful().at(keyServer.url('rebound.example')))).rejects.toMatchObject(unavailable);
      expect(lookup).toHaveBeenCalledOnce();
      expect([keyServer.handshakes, keyServer.requests]).toEqual([0, 0]);
    });

    test('control: without the address check, the client fetches from the local server', async () => {
      vi.spyOn(dns, 'lookup').mockImplementation(answering('127.0.0.1'));
      const jwks = remoteJwks({ allowedHosts: ['rebound.example'], ca: [ca.certificate] });
      await verify(jwks.at(keyServer.url('rebound.example')));
      expect(keyServer.requests).toBe(1);
    });
  });
});

/** Every name has this address. */
const answering = (address: string) =>
  ((_name: string, options: { all?: boolean }, done: (error: null, ...answer: unknown[]) => void) => {
    if (options.all) done(null, [{ address, family: 4 }]);
    else done(null, address, 4);
  }) as never;
