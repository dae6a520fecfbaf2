import { createHash, randomBytes } from 'node:crypto';
import { ROUTES } from 'nestjs-global-revocation-reference-op/op';
import type { SignedIn, SignInOptions, StartedClient, StartedServer, StartedUser } from './options.js';
import { basic } from './revoke.js';
import { type Page, TestBrowser } from './test-browser.js';

/** Signs a user in through the pages and redeems the code, as a relying party does. @see RFC 6749 §4.1, RFC 7636 §4 */
export async function signIn(
  server: StartedServer,
  uid: string | null | undefined,
  options: SignInOptions,
): Promise<SignedIn> {
  const user = named('user', server.users, 'uid', uid ?? server.users[0]?.uid);
  const client = named('client', server.clients, 'client_id', options.client_id ?? server.clients[0]?.client_id);
  const [redirect_uri] = client.redirect_uris;
  if (!redirect_uri) throw new Error(`client '${client.client_id}' has no redirect_uris: add one to sign in to it`);
  const browser = new TestBrowser(server.issuer);
  const code_verifier = randomBytes(32).toString('base64url');
  const request = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri,
    response_type: 'code',
    scope: options.scope ?? client.scope,
    prompt: 'consent',
    code_challenge: createHash('sha256').update(code_verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const page = await walk(browser, new URL(`${ROUTES.authorization}?${request}`, server.issuer), user);
  const code = page.url.searchParams.get('code');
  if (!code) throw new Error(`${user.uid} could not sign in: ${page.status} ${page.url}\n${page.text}`);
  const tokens = await redeem(server, client, { grant_type: 'authorization_code', code, code_verifier, redirect_uri });
  return { subject: user.id, tokens, cookies: browser.cookies.filter(({ path }) => path === '/') };
}

/** Submits the sign-in and consent pages, and returns the redirect to the client. */
async function walk(browser: TestBrowser, start: URL, { uid, password }: StartedUser): Promise<Page> {
  const login = await browser.open(start);
  const at = (page: Page, step: string): URL | undefined => {
    const path = `${page.url.pathname}/${step}`;
    return page.text.includes(`action="${path}"`) ? new URL(path, page.url) : undefined;
  };
  const loginForm = at(login, 'login');
  const consent = loginForm ? await browser.open(loginForm, { identifier: uid, password }) : login;
  const consentForm = at(consent, 'consent');
  return consentForm ? browser.open(consentForm, {}) : consent;
}

/** @see RFC 6749 §4.1.3 */
async function redeem(
  { issuer }: StartedServer,
  client: StartedClient,
  grant: Record<string, string>,
): Promise<SignedIn['tokens']> {
  const { client_id, client_secret } = client;
  const isBasic = client_secret !== undefined && client['token_endpoint_auth_method'] !== 'client_secret_post';
  const credentials = isBasic ? {} : { client_id, ...(client_secret !== undefined && { client_secret }) };
  const response = await fetch(`${issuer}${ROUTES.token}`, {
    method: 'POST',
    headers: isBasic ? { authorization: basic(client) } : {},
    body: new URLSearchParams({ ...grant, ...credentials }),
  });
  if (!response.ok) throw new Error(`no tokens for '${client_id}': ${response.status} ${await response.text()}`);
  return (await response.json()) as SignedIn['tokens'];
}

function named<K extends string, T extends Record<K, string>>(kind: string, all: T[], key: K, id?: string): T {
  const found = all.find((each) => each[key] === id);
  if (found) return found;
  throw new Error(`unknown ${kind} '${id}'; known: ${all.map((each) => each[key]).join(', ') || 'none'}`);
}
