import { execFile } from 'node:child_process';
import { exportPKCS8 } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { register } from '../module/caller/clients.js';
import { Signer } from '../module/caller/signer.js';
import { Browser } from '../support/browser.js';
import { describeOneServer } from '../support/databases.js';
import { alice, bob, demoOperator } from '../support/people.js';
import { oauthError, RelyingParty } from '../support/relying-party.js';
import { serverFixture } from '../support/server.js';
import { overrideUsers } from '../support/users.js';

/** Runs a caller's program. @returns its exit code and what it printed */
const program = (name: string, args: string[], env: Record<string, string>): Promise<{ code: number; out: string }> =>
  new Promise((resolve) => {
    const file = `test/e2e/callers/${name}.mjs`;
    execFile(process.execPath, [file, ...args], { env: { ...process.env, ...env } }, (error, out, err) =>
      resolve({ code: error ? 1 : 0, out: (out + err).trim() }),
    );
  });

const ORG = 'https://org.okta.example';
const IDP = 'https://idp.example.com';
const APP = '0oa1client';
const [org, former, stranger] = await Promise.all(['new', 'old', 'new'].map((kid) => Signer.create(kid, 'RS256')));

const signedBy = async ({ privateKey, jwk }: Signer) => ({
  PRIVATE_KEY: await exportPKCS8(privateKey),
  KEY_ID: jwk.kid,
});

const operator = { CLIENT_ID: demoOperator.clientId, CLIENT_SECRET: demoOperator.secret };
const janssenClient = { CLIENT_ID: 'janssen', CLIENT_SECRET: 'secret-of-janssen' };

/** What the admin of this server configures: two keys of the org, as while they are being replaced. */
const identityProviders = [
  {
    id: 'org',
    issuers: [ORG],
    subject: APP,
    keys: { jwks: { keys: [former!.jwk, org!.jwk] } },
    restrictions: { issuers: [ORG] },
  },
  { id: 'idp', issuers: [IDP], subject: APP, acceptUntyped: true, keys: { jwks: org!.jwks } },
  { id: 'typed', issuers: ['https://typed.example.com'], subject: APP, keys: { jwks: org!.jwks } },
];

const env = {
  GTR_PATH: 'jans-auth/restv1/global-token-revocation',
  GTR_IDENTITY_PROVIDERS: JSON.stringify(identityProviders),
};

describeOneServer('callers that know only their own rules', (database) => {
  const server = serverFixture(database, {
    env,
    // The telephone number stands for the id of a linked Okta account.
    override: (builder) => overrideUsers(builder, { iss_sub: { [ORG]: 'phone' } }),
  });
  let party: RelyingParty;
  beforeAll(async () => {
    await register(server, 'janssen', 'secret-of-janssen', { restrictions: { unknownSubject: 'no_content' } });
    party = await RelyingParty.discover(server);
  });

  /** Whether alice's session and refresh token, made just before, are over afterwards; bob's never are. */
  async function outcome(work: () => Promise<{ code: number; out: string }>) {
    const [browser, bobs] = [new Browser(server.url), new Browser(server.url)];
    const tokens = await party.signIn(browser, alice);
    const others = await party.signIn(bobs, bob);
    const ended = await work();
    const silent = (await party.silently(browser)).url.searchParams;
    return {
      ...ended,
      refresh: await oauthError(party.refresh(tokens.refresh_token!)),
      session: silent.get('error'),
      bob: await oauthError(party.refresh(others.refresh_token!)),
    };
  }

  const over = { code: 0, out: '204', refresh: 'invalid_grant', session: 'login_required', bob: undefined };
  const untouched = { code: 1, out: '401', refresh: undefined, session: null, bob: undefined };
  const wellKnown = () => `${server.url}/.well-known/openid-configuration`;

  test.each([
    ['found by the well-known document', wellKnown],
    ["at Janssen's own path", () => server.endpoint],
  ])('Janssen style, %s: Basic with uid ends the session', async (_title, address) => {
    expect(await outcome(() => program('janssen', [address(), alice.uid], janssenClient))).toEqual(over);
  });

  test('Janssen style, unknown user: returns 204 as Janssen does', async () => {
    expect(await program('janssen', [wellKnown(), 'nobody'], janssenClient)).toEqual({ code: 0, out: '204' });
  });

  test('Janssen style with a wrong secret ends nothing', async () => {
    const wrong = { ...janssenClient, CLIENT_SECRET: 'wrong' };
    expect(await outcome(() => program('janssen', [wellKnown(), alice.uid], wrong))).toEqual(untouched);
  });

  test('draft style: Bearer with email ends the session', async () => {
    expect(await outcome(() => program('draft', [server.url, alice.email], operator))).toEqual(over);
  });

  test('draft style, identity provider: a JWT without typ ends the session', async () => {
    const args = [server.endpoint, IDP, APP, alice.email];
    expect(await outcome(async () => program('draft-idp', args, await signedBy(org!)))).toEqual(over);
  });

  test.each([
    ['signed by a stranger', IDP, APP, stranger!],
    ['with the sub of another app', IDP, 'another', org!],
    ['where typ is required', 'https://typed.example.com', APP, org!],
  ])('draft style, identity provider, %s: ends nothing', async (_title, issuer, app, signer) => {
    const args = [server.endpoint, issuer, app, alice.email];
    expect(await outcome(async () => program('draft-idp', args, await signedBy(signer)))).toEqual(untouched);
  });

  test.each([
    ['email', { format: 'email', email: alice.email }],
    ['iss_sub', { format: 'iss_sub', iss: ORG, sub: alice.phone }],
  ])('Okta style: a signed JWT, %s, ends the session', async (_format, subId) => {
    const args = [server.endpoint, ORG, APP, JSON.stringify(subId)];
    expect(await outcome(async () => program('okta', args, await signedBy(org!)))).toEqual(over);
  });

  test.each([
    ['signed by a stranger', APP, stranger!],
    ['for another app', 'another', org!],
  ])('Okta style, %s: ends nothing', async (_title, app, signer) => {
    const args = [server.endpoint, ORG, app, JSON.stringify({ format: 'email', email: alice.email })];
    expect(await outcome(async () => program('okta', args, await signedBy(signer)))).toEqual(untouched);
  });
});
