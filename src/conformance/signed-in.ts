import { createHash, randomBytes } from 'node:crypto';
import { NotTested, TooOften } from './outcome.js';
import { type Answer, basic, jsonOf, send } from './http.js';
import { scopesOf } from './scope.js';

/**
 * Answers to a silent request that say only that the person would have to be asked.
 *
 * @see OpenID Connect Core 1.0 §3.1.2.6
 */
const WOULD_ASK = ['login_required', 'consent_required', 'interaction_required', 'account_selection_required'];

/** A subject identifier as it goes over the wire. @see RFC 9493 §3 */
export type SubId = Readonly<Record<string, unknown>>;

/** What the sign-in command prints. */
export interface SignedInPerson {
  /** Ways to name the person; the first is used where any will do. */
  identifiers: [SubId, ...SubId[]];
  client_id: string;
  client_secret: string;
  access_token?: string;
  refresh_token?: string;
  /** Cookies of the person's browser, as in a `Cookie` header. */
  cookies?: string;
  /** An authorization request with `prompt=none` for which no consent is missing. */
  authorization_url?: string;
}

/** A person who is signed in, and whether that is still so. */
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

  /** The identifier of this format. @throws NotTested when the command prints none */
  identifier(format: string): SubId {
    const found = this.person.identifiers.find((identifier) => identifier['format'] === format);
    if (!found) throw new NotTested(`needs an identifier of format ${format} from the sign-in command`);
    return found;
  }

  /** Whether the refresh token yields new tokens; the newest is asked next time. @see RFC 6749 §6 */
  async canRefresh(): Promise<boolean> {
    if (this.refreshToken === undefined) throw new NotTested('needs refresh_token from the sign-in command');
    const answer = await this.ask('token_endpoint', { grant_type: 'refresh_token', refresh_token: this.refreshToken });
    const next = jsonOf(answer)?.['refresh_token'];
    if (typeof next === 'string') this.refreshToken = next;
    return answer.status === 200;
  }

  /** What the introspection endpoint says about the access token. @see RFC 7662 §2.2 */
  async introspection(): Promise<Record<string, unknown>> {
    const answer = await this.ask('introspection_endpoint', { token: this.accessToken });
    return jsonOf(answer) ?? { status: answer.status };
  }

  /** Whether the access token is accepted: by introspection where there is one, else by the UserInfo endpoint. */
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

  /** Whether the browser session signs the person in silently. @see OpenID Connect Core 1.0 §3.1.2.1 */
  async hasSession(): Promise<boolean> {
    const { cookies, authorization_url: url } = this.person;
    if (!cookies || !url) throw new NotTested('needs cookies and authorization_url from the sign-in command');
    const { headers } = await send(url, { headers: { cookie: cookies } });
    return /[?&#](code|id_token)=/.test(headers['location'] ?? '');
  }

  /**
   * Asks for tokens with a further scope, silently.
   *
   * @returns the answer of the token endpoint; undefined when the scope was refused
   * @throws NotTested when the server would ask the person, or nobody can ask it
   * @see RFC 6749 §4.1, RFC 7636 §4
   */
  async authorize(scope: string): Promise<Record<string, unknown> | undefined> {
    const { cookies, authorization_url } = this.person;
    const url = new URL(authorization_url ?? 'about:blank');
    const asked = url.searchParams;
    const [own, redirectUri] = [asked.get('scope'), asked.get('redirect_uri')];
    if (!cookies || !own || !redirectUri) {
      throw new NotTested(
        'needs cookies and an authorization_url with scope and redirect_uri from the sign-in command',
      );
    }
    const verifier = randomBytes(32).toString('base64url');
    asked.set('scope', `${own} ${scope}`);
    asked.set('code_challenge', createHash('sha256').update(verifier).digest('base64url'));
    asked.set('code_challenge_method', 'S256');
    const { status, headers } = await send(url.href, { headers: { cookie: cookies } });
    const answer = new URL(headers['location'] ?? 'about:blank', url).searchParams;
    const error = answer.get('error') ?? '';
    if (WOULD_ASK.includes(error)) throw new NotTested(`the server would ask the person first: ${error}`);
    const code = answer.get('code');
    if (code === null) {
      if (error === '' && status < 400) throw new NotTested('the silent request has no answer that can be read');
      return undefined;
    }
    const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
    const tokens = jsonOf(await this.ask('token_endpoint', grant));
    return typeof tokens?.['access_token'] === 'string' ? tokens : undefined;
  }

  /**
   * Scopes of the refresh token, by introspection.
   *
   * @throws NotTested when nobody tells
   * @see RFC 7662 §2.2
   */
  async refreshScopes(): Promise<ReadonlySet<string>> {
    if (this.refreshToken === undefined) throw new NotTested('needs refresh_token from the sign-in command');
    return scopesOf(jsonOf(await this.ask('introspection_endpoint', { token: this.refreshToken })) ?? {});
  }

  /** @throws NotTested when the sign-in command prints none */
  get accessToken(): string {
    const { access_token: token } = this.person;
    if (token === undefined) throw new NotTested('needs access_token from the sign-in command');
    return token;
  }

  /** A request of the person's client to an endpoint that the metadata name. */
  private async ask(endpoint: string, parameters: Record<string, string>): Promise<Answer> {
    const headers = { authorization: basic(this.person), 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams(parameters).toString();
    return send(await this.metadataUrl(endpoint), { method: 'POST', headers, body });
  }
}
