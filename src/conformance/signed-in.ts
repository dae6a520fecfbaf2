import { createHash, randomBytes } from 'node:crypto';
import { NotTested, TooOften } from './outcome.js';
import { type Answer, basic, jsonOf, send } from './http.js';
import { scopesOf } from './scope.js';

/** Errors of a silent request that only say that the server would have to ask the person.
 *
 *
 * @see OpenID Connect Core 1.0 §3.1.2.6
 */
const WOULD_ASK = ['login_required', 'consent_required', 'interaction_required', 'account_selection_required'];

/** A subject identifier as sent. @see RFC 9493 §3 */
export type SubId = Readonly<Record<string, unknown>>;

/** Output of the sign-in command. */
export interface SignedInPerson {
  /** Identifiers of the person; the first is the default. */
  identifiers: [SubId, ...SubId[]];
  client_id: string;
  client_secret: string;
  access_token?: string;
  /** A JWT access token for an API, if the server issues them. */
  jwt_access_token?: string;
  refresh_token?: string;
  /** The person's cookies, as in a `Cookie` header. */
  cookies?: string;
  /** An authorization request with `prompt=none` that needs no further consent. */
  authorization_url?: string;
}

/** A person who signed in; checks what still works. */
export class SignedIn {
  private refreshToken?: string | undefined;

  constructor(
    readonly person: SignedInPerson,
    private readonly metadataUrl: (name: string) => Promise<string>,
  ) {
    this.refreshToken = person.refresh_token;
  }

  get subId(): SubId {
    return this.person.identifiers[0];
  }

  /** Returns the identifier in this format. @throws NotTested if --sign-in prints none */
  identifier(format: string): SubId {
    const found = this.person.identifiers.find((identifier) => identifier['format'] === format);
    if (!found) throw new NotTested(`needs an identifier with the format ${format} from --sign-in`);
    return found;
  }

  /** Returns whether the refresh token yields new tokens. The next call uses the newest one. @see RFC 6749 §6 */
  async canRefresh(): Promise<boolean> {
    if (this.refreshToken === undefined) throw new NotTested('needs refresh_token from --sign-in');
    const answer = await this.ask('token_endpoint', { grant_type: 'refresh_token', refresh_token: this.refreshToken });
    const next = jsonOf(answer)?.['refresh_token'];
    if (typeof next === 'string') this.refreshToken = next;
    return answer.status === 200;
  }

  /** Returns what the introspection endpoint says about the access token. @see RFC 7662 §2.2 */
  async introspection(): Promise<Record<string, unknown>> {
    const answer = await this.ask('introspection_endpoint', { token: this.accessToken });
    return jsonOf(answer) ?? { status: answer.status };
  }

  /** Returns whether the access token works, by introspection or otherwise by the UserInfo endpoint. */
  async hasAccess(): Promise<boolean> {
    const { accessToken } = this;
    try {
      return (await this.introspection())['active'] === true;
    } catch (error) {
      if (!(error instanceof NotTested) || error instanceof TooOften) throw error;
    }
    const userinfo = await this.metadataUrl('userinfo_endpoint');
    return (await send(userinfo, { headers: { authorization: `Bearer ${accessToken}` } })).status === 200;
  }

  /** Returns whether the session signs the person in silently. @see OpenID Connect Core 1.0 §3.1.2.1 */
  async hasSession(): Promise<boolean> {
    const { cookies, authorization_url: url } = this.person;
    if (!cookies || !url) throw new NotTested('needs cookies and authorization_url from --sign-in');
    const { headers } = await send(url, { headers: { cookie: cookies } });
    return /[?&#](code|id_token)=/.test(headers['location'] ?? '');
  }

  /**
   * Silently requests tokens with one more scope.
   *
   * @returns the answer of the token endpoint; undefined if the server rejects the scope
   * @throws NotTested if the server would ask the person
   * @see RFC 6749 §4.1, RFC 7636 §4
   */
  async authorize(scope: string): Promise<Record<string, unknown> | undefined> {
    const { cookies, authorization_url } = this.person;
    const url = new URL(authorization_url ?? 'about:blank');
    const asked = url.searchParams;
    const [own, redirectUri] = [asked.get('scope'), asked.get('redirect_uri')];
    if (!cookies || !own || !redirectUri) {
      throw new NotTested('needs cookies and an authorization_url with scope and redirect_uri from --sign-in');
    }
    const verifier = randomBytes(32).toString('base64url');
    asked.set('scope', `${own} ${scope}`);
    asked.set('code_challenge', createHash('sha256').update(verifier).digest('base64url'));
    asked.set('code_challenge_method', 'S256');
    const { status, headers } = await send(url.href, { headers: { cookie: cookies } });
    const answer = new URL(headers['location'] ?? 'about:blank', url).searchParams;
    const error = answer.get('error') ?? '';
    if (WOULD_ASK.includes(error)) throw new NotTested(`the server would ask the person: ${error}`);
    const code = answer.get('code');
    if (code === null) {
      if (error === '' && status < 400)
        throw new NotTested('the answer to the silent request contains neither a code nor an error');
      return undefined;
    }
    const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
    const tokens = jsonOf(await this.ask('token_endpoint', grant));
    return typeof tokens?.['access_token'] === 'string' ? tokens : undefined;
  }

  /**
   * Returns the scopes of the refresh token, according to introspection.
   *
   * @throws NotTested if there is no introspection endpoint
   * @see RFC 7662 §2.2
   */
  async refreshScopes(): Promise<ReadonlySet<string>> {
    if (this.refreshToken === undefined) throw new NotTested('needs refresh_token from --sign-in');
    return scopesOf(jsonOf(await this.ask('introspection_endpoint', { token: this.refreshToken })) ?? {});
  }

  /** @throws NotTested if --sign-in prints none */
  get accessToken(): string {
    const { access_token: token } = this.person;
    if (token === undefined) throw new NotTested('needs access_token from --sign-in');
    return token;
  }

  /** @throws NotTested if --sign-in prints none */
  get jwtAccessToken(): string {
    const { jwt_access_token: token } = this.person;
    if (token === undefined) throw new NotTested('needs jwt_access_token from --sign-in');
    return token;
  }

  /** Sends a request of the person's client to an endpoint in the metadata. */
  private async ask(endpoint: string, parameters: Record<string, string>): Promise<Answer> {
    const headers = { authorization: basic(this.person), 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams(parameters).toString();
    return send(await this.metadataUrl(endpoint), { method: 'POST', headers, body });
  }
}
