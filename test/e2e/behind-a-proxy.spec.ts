import { expect, test } from 'vitest';
import { describeOneServer } from '../support/databases.js';
import { basic, revoke } from '../support/operator.js';
import { RelyingParty } from '../support/relying-party.js';
import { startForTest } from '../support/server.js';

const alices = { format: 'uid', id: 'alice' };
const forwarded = {
  'x-forwarded-for': '198.51.100.7, 203.0.113.9',
  'x-forwarded-host': 'evil.example',
  host: 'evil.example',
};

describeOneServer('RFC 8414 §2, §3, RFC 9112 §3.2.2, draft-06 §6: behind a proxy', (database) => {
  test.each([
    ['off', '127.0.0.1'],
    ['on', '198.51.100.7'],
    ['1', '203.0.113.9'],
    ['127.0.0.0/8,203.0.113.9', '198.51.100.7'],
  ])('trustProxy %s records the address %s', async (setting, address) => {
    const server = await startForTest(database, { env: { GTR_TRUST_PROXY: setting } });
    expect((await revoke(server, alices, forwarded)).status).toBe(204);
    expect(await server.dataSource.query('SELECT source_ip AS address FROM gtr_revocation')).toEqual([{ address }]);
  });

  test.each([
    ['[2a01:4f8:1c17:8d33:1319:8a2e:3707:7348]:54321', '2a01:4f8:1c17:8d33:1319:8a2e:3707:7348'],
    ['198.51.100.7:40000', '198.51.100.7'],
    ['fe80::1%eth0', 'fe80::1'],
    ['x'.repeat(60), ''],
    ['unknown', ''],
  ])('a proxy that names the source %s leads to the record "%s"', async (source, address) => {
    const server = await startForTest(database, { env: { GTR_TRUST_PROXY: 'on' } });
    expect((await revoke(server, alices, { 'x-forwarded-for': source })).status).toBe(204);
    expect(await server.dataSource.query('SELECT source_ip AS address FROM gtr_revocation')).toEqual([{ address }]);
  });

  test('guesses from one source with changing ports are counted together', async () => {
    const server = await startForTest(database, { env: { GTR_TRUST_PROXY: 'on', GTR_FAILURES_PER_MINUTE: '5' } });
    const guess = async (i: number) => {
      const guessed = {
        'x-forwarded-for': `198.51.100.7:${40_000 + i}`,
        authorization: basic('demo-operator', `${i}`),
      };
      return (await revoke(server, alices, guessed)).status;
    };
    const statuses: number[] = [];
    for (let i = 0; i < 20 && !statuses.includes(429); i += 1) statuses.push(await guess(i));
    expect(statuses.at(-1)).toBe(429);
  });

  test('an https issuer over plain http gives https URLs and secure cookies, whatever the headers', async () => {
    const server = await startForTest(database, { env: { ISSUER: 'https://op.example.com' } });
    const metadata = await fetch(`${server.local}/.well-known/openid-configuration`, { headers: forwarded });
    const document = (await metadata.json()) as Record<string, unknown>;
    const urls = Object.values(document).filter((value) => typeof value === 'string' && value.includes('://'));
    expect(urls.filter((url) => !String(url).startsWith('https://op.example.com'))).toEqual([]);
    expect(urls.length).toBeGreaterThan(8);
    expect(document).toMatchObject({
      global_token_revocation_endpoint: 'https://op.example.com/global-token-revocation',
    });

    const { url } = await RelyingParty.offline(server).request();
    const answer = await fetch(`${server.local}${url.pathname}${url.search}`, {
      redirect: 'manual',
      headers: forwarded,
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toMatch(/^\/interaction\//);
    expect(answer.headers.getSetCookie().every((cookie) => /; secure/i.test(cookie))).toBe(true);
    expect(answer.headers.getSetCookie().length).toBeGreaterThan(1);
    expect(answer.headers.get('strict-transport-security')).toMatch(/max-age/);
  });

  test('a proxy that changes Host does not block forms of the issuer, only those of other sites', async () => {
    const issuer = 'https://op.example.com';
    const server = await startForTest(database, { env: { ISSUER: issuer } });
    const isRefused = async (headers: Record<string, string>): Promise<boolean> => {
      const answer = await fetch(`${server.local}/interaction/nobody/login`, { method: 'POST', headers });
      expect(answer.status).toBeOneOf([400, 403]); // or there is no such sign-in
      return answer.status === 403;
    };
    expect(await isRefused({ origin: issuer })).toBe(false);
    expect(await isRefused({ origin: issuer, 'sec-fetch-site': 'same-origin' })).toBe(false);
    expect(await isRefused({ origin: issuer, 'sec-fetch-site': 'cross-site' })).toBe(true);
    for (const origin of ['null', 'http://op.example.com', `${issuer}:8443`, `${issuer}.evil.example`]) {
      expect(await isRefused({ origin }), origin).toBe(true);
    }
  });
});
