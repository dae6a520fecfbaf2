import { describe, expect, test } from 'vitest';
import { issuerMetadata } from '../../../src/module/resource-server/issuer-metadata.js';

describe('addresses of the metadata (RFC 8414 §3.1, OpenID Connect Discovery 1.0 §4)', () => {
  const server = 'https://op.example.com';

  test.each([
    ['', '/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'],
    ['/', '/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'],
    ['/a', '/.well-known/oauth-authorization-server/a', '/a/.well-known/openid-configuration'],
    ['/a/', '/.well-known/oauth-authorization-server/a', '/a/.well-known/openid-configuration'],
  ])('issuer with the path "%s"', async (path, ...expected) => {
    const asked: string[] = [];
    const metadata = issuerMetadata(server + path, async (url) => {
      asked.push(url.href);
      return Buffer.from('{}');
    });
    await expect(metadata('jwks_uri')).rejects.toThrow(`${expected[1]} is not ${server}${path}`);
    expect(asked).toEqual(expected.map((each) => server + each));
  });
});
