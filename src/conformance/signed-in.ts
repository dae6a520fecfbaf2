import { NotTested } from './outcome.js';
import { basic, jsonOf, send } from './http.js';

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
    const answer = await send(await this.metadataUrl('token_endpoint'), {
      method: 'POST',
      headers: { ...this.asClient },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: this.refreshToken }).toString(),
    });
    const next = jsonOf(answer)?.['refresh_token'];
    if (typeof next === 'string') this.refreshToken = next;
    return answer.status === 200;
  }

  /** What the introspection endpoint says about the access token. @see RFC 7662 §2.2 */
  async introspection(): Promise<Record<string, unknown>> {
    const answer = await send(await this.metadataUrl('introspection_endpoint'), {
      method: 'POST',
      headers: { ...this.asClient },
      body: new URLSearchParams({ token: this.accessToken }).toString(),
    });
    return jsonOf(answer) ?? { status: answer.status };
  }

  /** Whether the access token is accepted: by introspection where there is one, else by the UserInfo endpoint. */
  async hasAccess(): Promise<boolean> {
    const { accessToken } = this;
    try {
      return (await this.introspection())['active'] === true;
    } catch (error) {
      if (!(error instanceof NotTested)) throw error;
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

  /** @throws NotTested when the sign-in command prints none */
  get accessToken(): string {
    const { access_token: token } = this.person;
    if (token === undefined) throw new NotTested('needs access_token from the sign-in command');
    return token;
  }

  private get asClient() {
    return { authorization: basic(this.person), 'content-type': 'application/x-www-form-urlencoded' };
  }
}
