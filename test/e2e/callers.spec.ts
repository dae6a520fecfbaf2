import { execFile } from 'node:child_process';
import { exportPKCS8 } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Signer } from '../caller/signer.js';
import { Browser } from '../support/browser.js';
import { describeEachServer } from '../support/databases.js';
import { alice, bob, demoOperator } from '../support/people.js';
import { oauthError, RelyingParty } from '../support/relying-party.js';
import { startServer, type TestServer } from '../support/server.js';

/** Runs a caller's program. @returns its exit code and what it printed */
const program = (name: string, args: string[], env: Record<string, string>): Promise<{ code: number; out: string }> =>
  new Promise((resolve) => {
    const file = `test/e2e/callers/${name}.mjs`;
    execFile(process.execPath, [file, ...args], { env: { ...process.env, ...env } }, (error, out, err) =>
      resolve({ code: error ? 1 : 0, out: (out + err).trim() }),
    );
  });

const ORG = 'https://org.okta.example';
const org = await Signer.create('org-key', 'RS256');
const stranger = await Signer.create('org-key', 'RS256');

const signedBy = async ({ privateKey, jwk }: Signer) => ({
  PRIVATE_KEY: await exportPKCS8(privateKey),
  KEY_ID: jwk.kid,
});

const operator = { CLIENT_ID: demoOperator.clientId, CLIENT_SECRET: demoOperator.secret };

describeEachServer('callers that know only their own rules', (database) => {
  let server: TestServer;
  let party: RelyingParty;
  beforeAll(async () => {
    const connections = [{ id: 'org', issuers: [ORG], keys: { jwks: org.jwks }, algorithms: ['RS256'] }];
    server = await startServer(database, { env: { GTR_CONNECTIONS: JSON.stringify(connections) } });
    party = await RelyingParty.discover(server);
  });
  afterAll(() => server.stop());

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

  test('Janssen style: Basic, uid → the session ends', async () => {
    expect(await outcome(() => program('janssen', [server.url, alice.uid], operator))).toEqual(over);
  });

  test('Janssen style with a wrong secret → nothing ends', async () => {
    const env = { ...operator, CLIENT_SECRET: 'wrong' };
    expect(await outcome(() => program('janssen', [server.url, alice.uid], env))).toEqual(untouched);
  });

  test('draft style: Bearer, email → the session ends', async () => {
    expect(await outcome(() => program('draft', [server.url, alice.email], operator))).toEqual(over);
  });

  test.each([
    ['email', () => ({ format: 'email', email: alice.email })],
    ['iss_sub', () => ({ format: 'iss_sub', iss: server.url, sub: alice.id })],
  ])('Okta style: signed JWT, %s → the session ends', async (_format, subId) => {
    const args = [server.endpoint, ORG, JSON.stringify(subId())];
    expect(await outcome(async () => program('okta', args, await signedBy(org)))).toEqual(over);
  });

  test('Okta style, signed by somebody else → nothing ends', async () => {
    const args = [server.endpoint, ORG, JSON.stringify({ format: 'email', email: alice.email })];
    expect(await outcome(async () => program('okta', args, await signedBy(stranger)))).toEqual(untouched);
  });
});
