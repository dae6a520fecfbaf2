import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { AccessTokenVerifier } from '../../src/module/resource-server/index.js';
import { Browser } from '../support/browser.js';
import { describeOneServer } from '../support/databases.js';
import { alice, demoApp } from '../support/people.js';
import { RelyingParty } from '../support/relying-party.js';
import { serverFixture } from '../support/server.js';

describeOneServer('RFC 7662 §2.2, RFC 6749 §5.1, RFC 9449 §5: an API that asks the server', (database) => {
  const server = serverFixture(database);

  /** The person whose token it is, or the reason of the refusal. */
  async function presented(token: string): Promise<string | undefined> {
    const { url: issuer } = server;
    const { clientId, secret: clientSecret } = demoApp;
    const verifier = new AccessTokenVerifier({
      ...{ issuer, audience: 'https://api.example.com', allowedHosts: [new URL(issuer).hostname] },
      introspection: { clientId, clientSecret },
    });
    const request = new IncomingMessage(new Socket());
    request.headers.authorization = `Bearer ${token}`;
    return verifier.verify(request).then(
      ({ subject }) => subject,
      (error: Error & { reason?: string }) => error.reason,
    );
  }

  test('a refresh token is not accepted as an access token, although introspection calls it active', async () => {
    const app = await RelyingParty.discover(server);
    const { access_token: access, refresh_token: refresh } = await app.signIn(new Browser(server.url), alice);
    expect(await app.introspect(refresh!)).toMatchObject({ active: true, sub: alice.id });
    expect(await presented(access)).toBe(alice.id);
    expect(await presented(refresh!)).toBe('invalidToken');
  });

  test('a JWT is rejected, because the server introspects opaque tokens only', async () => {
    const app = await RelyingParty.discover(server);
    const { id_token: jwt } = await app.signIn(new Browser(server.url), alice);
    expect(await presented(jwt!)).toBe('invalidToken');
  });
});
