import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type OidcAdapters,
  bindRegistrationTokens,
  inheritEpoch,
  runInEpochContext,
  epochContext,
} from '../../../src/module/oidc-provider/index.js';
import { OIDC_ADAPTERS, OP_OPTIONS, type OpOptions } from '../../../src/reference-op/op/op.options.js';
import { SubjectEpochs } from '../../../src/module/revocation/subject-epochs.js';
import { describeEachDatabase } from '../../support/databases.js';
import { revokePerson } from '../../support/operator.js';
import { alice, demoApp } from '../../support/people.js';
import { serverFixture } from '../../support/server.js';

describeEachDatabase('RFC 7591 §3, RFC 7592 §1: R8: registration tokens of a user', (database) => {
  const server = serverFixture(database);
  let provider: Provider;
  let listener: Server;
  let url: string;

  beforeAll(async () => {
    const { signingKeys: jwks, cookieKeys: keys } = server.app.get<OpOptions>(OP_OPTIONS, { strict: false });
    provider = new Provider('http://registration.example', {
      adapter: server.app.get<OidcAdapters>(OIDC_ADAPTERS, { strict: false }),
      jwks,
      cookies: { keys },
      scopes: demoApp.scope.split(' '),
      features: {
        devInteractions: { enabled: false },
        registration: { enabled: true, initialAccessToken: true },
        registrationManagement: { enabled: true },
      },
      ttl: { InitialAccessToken: 600, RegistrationAccessToken: 600 },
    });
    bindRegistrationTokens(provider);
    const handle = provider.callback();
    listener = createServer((request, response) =>
      epochContext(request, response, () => void handle(request, response)),
    );
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/reg`;
  });
  afterAll(async () => {
    listener.closeAllConnections();
    listener.close();
  });

  const forAlice = <T>(make: () => Promise<T>): Promise<T> =>
    runInEpochContext(async () => {
      inheritEpoch(alice.id, await server.app.get(SubjectEpochs, { strict: false }).epochForSignIn(alice.id));
      return make();
    });

  /** What is wrong with an empty registration: the metadata, or already the token. */
  const register = async (token: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: '{}' });
    return ((await response.json()) as { error: string }).error;
  };

  const read = async (token: string): Promise<number> =>
    (await fetch(`${url}/${demoApp.clientId}`, { headers: { authorization: `Bearer ${token}` } })).status;

  test('R8: rejects an initial access token of a revoked user, but not one without a user', async () => {
    const hers = await forAlice(() => new provider.InitialAccessToken({ accountId: alice.id }).save());
    const nobodys = await new provider.InitialAccessToken({}).save();
    expect(await register(hers)).toBe('invalid_redirect_uri');

    await revokePerson(server, alice);

    expect(await register(hers)).toBe('invalid_token');
    expect(await register(nobodys)).toBe('invalid_redirect_uri');
  });

  test('R8: rejects a registration access token of a revoked user', async () => {
    // The declared class takes no arguments; the one that is there does.
    const { RegistrationAccessToken: Token } = provider as unknown as Record<
      string,
      typeof provider.InitialAccessToken
    >;
    const client = { clientId: demoApp.clientId, accountId: alice.id };
    const hers = await forAlice(() => new Token!(client).save());
    expect(await read(hers)).toBe(200);

    await revokePerson(server, alice);

    expect(await read(hers)).toBe(401);
  });

  test('R8: cannot create a token for a user without an epoch in the request', async () => {
    const save = () => runInEpochContext(() => new provider.InitialAccessToken({ accountId: alice.id }).save());
    await expect(save()).rejects.toThrow('no epoch for this user in the current request');
  });
});
