/** Somebody who can sign in. @publicApi */
export interface TestUser {
  /** Login name, and value of the identifier format `uid`. */
  uid: string;
  /** What is typed into the login page. @default `<uid>-password` */
  password?: string;
  /**
   * Account id: the public `sub`, at most 36 characters.
   *
   * @default a random UUID
   */
  id?: string;
  /** E-mail address, unique. @default `<uid>@example.com` */
  email?: string;
  /** Name for people: the claim `name`. @default the `uid` */
  name?: string;
  /** Telephone number, E.164. @default '' */
  phone?: string;
  /** An attribute that several users may share. @default '' */
  department?: string;
}

/**
 * A client, as it would register itself. Further metadata is kept as it is.
 *
 * @see RFC 7591 §2
 * @publicApi
 */
export interface TestClient {
  /** Client identifier. */
  client_id: string;
  /**
   * Client secret. A client with `token_endpoint_auth_method: 'none'` has none.
   *
   * @default 256 random bits
   */
  client_secret?: string;
  /** Scopes it may ask for. @default 'openid offline_access profile email phone' */
  scope?: string;
  /**
   * Where browsers are sent back to.
   *
   * @default `['http://localhost:3001/callback']` for a client of the authorization endpoint
   */
  redirect_uris?: readonly string[];
  /** Grant types it may use. @default ['authorization_code', 'refresh_token'] */
  grant_types?: readonly string[];
  /** Any further metadata. */
  [metadata: string]: unknown;
}

/** Options of `startAuthorizationServer`. @publicApi */
export interface AuthorizationServerOptions {
  /** Who can sign in. @default one, `alice` */
  users?: readonly TestUser[];
  /**
   * Who can ask for tokens. A client `operator` that may revoke is always there.
   *
   * @default one, `app`
   */
  clients?: readonly TestClient[];
  /**
   * `sqlite`, or the URL of a server: `mariadb://USER:PASSWORD@HOST:PORT` or `mysql://…`. Each authorization server makes a
   * database of its own there and drops it when it stops, so the account must be allowed to do that.
   *
   * @default 'sqlite'
   */
  database?: string;
  /** Path of the endpoint. @default 'global-token-revocation' */
  path?: string;
  /** Answer for an unknown user: 404, or 204. @default 'not_found' */
  unknownSubject?: 'not_found' | 'no_content';
  /** Lifetimes, in seconds. @default 3600 (one hour), 1209600 (14 days), 1209600 */
  ttl?: {
    /** Of an access token. */
    accessToken?: number;
    /** Of a refresh token. */
    refreshToken?: number;
    /** Of the session at the authorization server. */
    session?: number;
  };
}

/** What {@link AuthorizationServer.signIn} may be asked for. @publicApi */
export interface SignInOptions {
  /** Client to sign in at. @default the first */
  client_id?: string;
  /** @default all that the client is registered for */
  scope?: string;
}

/** A browser's cookie, as Playwright's `addCookies` takes it. @publicApi */
export interface TestCookie {
  /** @see RFC 6265 §4.1.1 */
  name: string;
  /** @see RFC 6265 §4.1.1 */
  value: string;
  /** Host of the server. */
  domain: string;
  /** Where the browser sends it. */
  path: string;
}

/** Somebody who is signed in. @publicApi */
export interface SignedIn {
  /** Account id: `sub`. */
  subject: string;
  /** Answer of the token endpoint. @see RFC 6749 §5.1 */
  tokens: {
    /** Opaque. */
    access_token: string;
    /** `Bearer`. */
    token_type: string;
    /** Seconds for which the access token is good. */
    expires_in: number;
    /** Scopes that were granted, separated by spaces. */
    scope?: string;
    /** With scope `offline_access`. */
    refresh_token?: string;
    /** With scope `openid`. */
    id_token?: string;
  };
  /** The browser's session at the authorization server. */
  cookies: TestCookie[];
}

/** A user as it was made, defaults filled in. @publicApi */
export type StartedUser = Required<TestUser>;

/** A client as it was made, defaults filled in. A public one has no secret. @publicApi */
export type StartedClient = TestClient & Required<Pick<TestClient, 'scope' | 'redirect_uris' | 'grant_types'>>;

/** What is known about a server that runs. @publicApi */
export interface StartedServer {
  /** Issuer identifier, and address of the server: `http://127.0.0.1:PORT`. */
  issuer: string;
  /** URL of the revocation endpoint. */
  endpoint: string;
  /** In the order of the options. */
  users: StartedUser[];
  /** In the order of the options. */
  clients: StartedClient[];
  /** Client that may revoke: HTTP Basic, or a client-credentials token. */
  operator: StartedClient & {
    /** Its secret: 256 random bits. */
    client_secret: string;
  };
}

/**
 * An OpenID Provider that runs: real pages, real tokens, the revocation endpoint. It is a process of its own, so it works
 * under every test runner, and it ends with the process that started it.
 *
 * @publicApi
 */
export interface AuthorizationServer extends StartedServer {
  /**
   * Signs somebody in through the pages that a person would see, in a browser of its own, and redeems the code.
   *
   * @param uid login name. @default the first user
   * @throws Error that shows the page on which it ended, when it did not lead back to the client
   */
  signIn(uid?: string, options?: SignInOptions): Promise<SignedIn>;
  /**
   * Ends everything a user has, as the operator would: a request to the endpoint.
   *
   * @param user login name, or a subject identifier. @see RFC 9493 §3
   * @throws Error with status and body for any answer but 204
   */
  revoke(user: string | Record<string, unknown>): Promise<void>;
  /** Makes everything as it was at the start: nobody is signed in, no token is alive, nothing was revoked. */
  reset(): Promise<void>;
  /** Ends the server and removes its database. */
  stop(): Promise<void>;
}
