import { createHash, X509Certificate } from 'node:crypto';
import type Provider from 'oidc-provider';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { certificateThumbprint } from '../../../../src/module/caller/access-token/token-binding.js';
import { OIDC_PROVIDER } from '../../../../src/reference-op/op/op.options.js';
import { readCertificate } from '../../../../src/reference-op/client-certificate.js';
import { challenges, refusal, seen, send, uidBody } from '../../endpoint/send.js';
import { type Certificate, selfSigned } from '../../../support/certificates.js';
import { describeEachServer } from '../../../support/databases.js';
import { basic } from '../../../support/operator.js';
import { bob } from '../../../support/people.js';
import { serverFixture, startServer, type TestServer } from '../../../support/server.js';
import { byteSequence, TlsProxy } from '../../../support/tls-proxy.js';
import { register } from '../clients.js';

const [ours, others, proxys] = await Promise.all(['client', 'somebody else', 'proxy'].map((name) => selfSigned(name)));
const [own, other] = [ours!, others!].map(({ certificate }) => new X509Certificate(certificate));
const thumbprint = createHash('sha256').update(own!.raw).digest('base64url');

const secret = 'secret-of-certified'.padEnd(64, '0');
const body = uidBody(bob.uid);
const form = new URLSearchParams({ grant_type: 'client_credentials', scope: 'global_token_revocation' }).toString();
const asClient = { authorization: basic('certified', secret), 'content-type': 'application/x-www-form-urlencoded' };
const metadata = {
  tls_client_certificate_bound_access_tokens: true,
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
};

const MTLS = 'https://mtls.op.example.com';
const env = { GTR_TRUST_PROXY: '127.0.0.1', GTR_CLIENT_CERTIFICATE_HEADER: 'Client-Cert', GTR_MTLS_URL: MTLS };

describeEachServer('RFC 8705 §3.1, §5: access tokens that are bound to a certificate', (database) => {
  const server = serverFixture(database, { env });
  let proxy: TlsProxy;
  let token: string;

  beforeAll(async () => {
    proxy = await TlsProxy.start(server.local, proxys!);
    await register(server, 'certified', secret, { metadata });
    token = await requested();
  });
  afterAll(() => proxy.stop());

  async function requested(): Promise<string> {
    const answer = await proxy.post('/token', asClient, form, ours);
    const { access_token: value } = JSON.parse(answer.body) as { access_token?: string };
    if (value === undefined) throw new Error(`${answer.status} ${answer.body}`);
    return value;
  }

  const headers = (more = {}) => ({
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    ...more,
  });
  const behindProxy = (client?: Certificate, more = {}) =>
    proxy.post('/global-token-revocation', headers({ 'content-length': String(body.length), ...more }), body, client);
  const refused = refusal(
    401,
    'invalid_token',
    'the access token is bound to a key or certificate that the request does not present',
  );
  const unauthorized = () => ({
    ...refused,
    'www-authenticate': challenges(server.url, { Bearer: 'invalid_token' }),
  });

  test('returns 204 with the bound certificate and records its thumbprint', async () => {
    expect((await behindProxy(ours)).status).toBe(204);
    const records = await server.dataSource.query<object[]>('SELECT * FROM gtr_revocation');
    expect(records).toMatchObject([{ actor: 'certified', method: 'Bearer', key_id: thumbprint }]);
  });

  test('returns 401 without a certificate', async () => {
    expect(seen(await behindProxy())).toEqual(unauthorized());
  });

  test('returns 401 with the certificate of another client', async () => {
    expect(seen(await behindProxy(others))).toEqual(unauthorized());
  });

  test('returns 401 for a certificate header that the client forged, because the proxy removes it', async () => {
    const forged = { 'client-cert': byteSequence(own!.raw) };
    expect((await behindProxy(undefined, forged)).status).toBe(401);
    expect((await behindProxy(others, forged)).status).toBe(401);
  });

  test('returns 401 for two certificate headers', async () => {
    const twice = [byteSequence(own!.raw), byteSequence(own!.raw)].flatMap((value) => ['Client-Cert', value]);
    const answer = await send(server.endpoint, { headers: [...Object.entries(headers()).flat(), ...twice], body });
    expect(seen(answer)).toEqual(unauthorized());
  });

  test.each(['', 'none', '::', ':AAAA:', '%', '(null)'])(
    'returns 401 when the certificate header is %j',
    async (value) => {
      const { status } = await send(server.endpoint, { headers: headers({ 'client-cert': value }), body });
      expect(status).toBe(401);
    },
  );

  test('returns 204 for a certificate as percent-encoded PEM', async () => {
    const escaped = encodeURIComponent(ours!.certificate);
    const { status } = await send(server.endpoint, { headers: headers({ 'client-cert': escaped }), body });
    expect(status).toBe(204);
  });

  test('returns 401 when the token is sent with the DPoP scheme', async () => {
    const authorization = `DPoP ${token}`;
    expect((await behindProxy(ours, { authorization })).status).toBe(401);
  });

  test('the metadata announces certificate-bound tokens and the mTLS endpoints', async () => {
    for (const name of ['openid-configuration', 'oauth-authorization-server']) {
      const answer = await send(`${server.url}/.well-known/${name}`, { method: 'GET' });
      expect(JSON.parse(answer.body)).toMatchObject({
        tls_client_certificate_bound_access_tokens: true,
        global_token_revocation_endpoint: server.endpoint,
        mtls_endpoint_aliases: {
          token_endpoint: `${MTLS}/token`,
          userinfo_endpoint: `${MTLS}/me`,
          global_token_revocation_endpoint: `${MTLS}/global-token-revocation`,
        },
      });
    }
  });
});

describeEachServer('certificates from untrusted sources', (database) => {
  let server: TestServer;
  afterEach(() => server.stop());

  /** A token that the server has in its database, bound to our certificate. */
  async function stored(): Promise<string> {
    const provider = server.app.get<Provider>(OIDC_PROVIDER);
    const client = (await provider.Client.find('demo-operator'))!;
    const token = new provider.ClientCredentials({ client, scope: 'global_token_revocation' });
    token.setThumbprint('x5t', ours!.certificate);
    return token.save();
  }

  test.each([
    ['from a sender that is not a trusted proxy', { ...env, GTR_TRUST_PROXY: '192.0.2.7,2001:db8::/32' }],
    ['when certificates are not set up', {}],
  ])('returns 401 for a certificate %s', async (_title, settings) => {
    server = await startServer(database, { env: settings });
    const sent = { authorization: `Bearer ${await stored()}`, 'content-type': 'application/json' };
    const { status } = await send(server.endpoint, {
      headers: { ...sent, 'client-cert': byteSequence(own!.raw) },
      body,
    });
    expect(status).toBe(401);
  });
});

describe('RFC 9440 §2: the certificate hook', () => {
  const bound = { cnf: { 'x5t#S256': thumbprint } };

  test('returns the thumbprint of a certificate, or undefined without one', () => {
    expect(certificateThumbprint(bound, () => own)).toBe(thumbprint);
    expect(certificateThumbprint(bound, () => other)).not.toBe(thumbprint);
    expect(certificateThumbprint(bound, () => undefined)).toBeUndefined();
  });

  test('rejects the request and keeps the cause for the log when the hook throws', () => {
    const cause = new Error('no certificate');
    const failing = () => {
      throw cause;
    };
    const thrown = expect.objectContaining({ reason: 'boundToken', cause });
    expect(() => certificateThumbprint(bound, failing)).toThrow(thrown);
    expect(certificateThumbprint({}, failing)).toBeUndefined();
  });

  test.each([byteSequence(own!.raw), encodeURIComponent(ours!.certificate)])(
    'reads the certificate from %s',
    (header) => {
      expect(readCertificate(header)?.fingerprint256).toBe(own!.fingerprint256);
    },
  );
});
