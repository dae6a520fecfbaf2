/** A user who can sign in. @publicApi */
export interface TestUser {
  /** Login name, and value of the identifier format `uid`. */
  uid: string;
  /** Password for the sign-in page. @default `<uid>-password` */
  password?: string;
  /**
   * Account id: the public `sub`, at most 36 characters.
   *
   * @default a random UUID
   */
  id?: string;
  /** E-mail address, unique. @default `<uid>@example.com` */
  email?: string;
  /** Display name: the claim `name`. @default the `uid` */
  name?: string;
  /** Telephone number, E.164. @default '' */
  phone?: string;
  /** An attribute that several users may share. @default '' */
  department?: string;
}

/**
 * A client, with its registration metadata. Additional metadata is kept.
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
  /** Scopes that it may request. @default 'openid offline_access profile email phone' */
  scope?: string;
  /**
   * Redirect URIs.
   *
   * @default `['http://localhost:3001/callback']` if the client uses the authorization endpoint
   */
  redirect_uris?: readonly string[];
  /** Allowed grant types. @default ['authorization_code', 'refresh_token'] */
  grant_types?: readonly string[];
  /** Additional metadata. */
  [metadata: string]: unknown;
}

/** Options of `startAuthorizationServer`. @publicApi */
export interface AuthorizationServerOptions {
  /** Users who can sign in. @default one, `alice` */
  users?: readonly TestUser[];
  /**
   * Clients that can request tokens. A client `operator` that may revoke always exists.
   *
   * @default one, `app`
   */
  clients?: readonly TestClient[];
  /**
   * `sqlite`, or the URL of a database server: `postgres://USER:PASSWORD@HOST:PORT`, `mariadb://…` or `mysql://…`. Each
   * authorization server creates its own database there and drops it when it stops, so the account needs these privileges.
   *
   * @default 'sqlite'
   */
  database?: string;
  /** Path of the endpoint. @default 'global-token-revocation' */
  path?: string;
  /** Answer for an unknown user: 404, or 204. @default 'not_found' */
  unknownSubject?: 'not_found' | 'no_content';
  /** Lifetimes in seconds. @default 3600 (one hour), 1209600 (14 days), 1209600 */
  ttl?: {
    /** Lifetime of an access token. */
    accessToken?: number;
    /** Lifetime of a refresh token. */
    refreshToken?: number;
    /** Lifetime of the session at the authorization server. */
    session?: number;
  };
}

/** Options of {@link AuthorizationServer.signIn}. @publicApi */
export interface SignInOptions {
  /** Client to sign in to. @default the first */
  client_id?: string;
  /** Scopes to request. @default all scopes of the client */
  scope?: string;
}

/** A browser's cookie, in the form that Playwright's `addCookies` accepts. @publicApi */
export interface TestCookie {
  /** @see RFC 6265 §4.1.1 */
  name: string;
  /** @see RFC 6265 §4.1.1 */
  value: string;
  /** Host of the server. */
  domain: string;
  /** Path for which the browser sends it. */
  path: string;
}

/** A signed-in user. @publicApi */
export interface SignedIn {
  /** Account id: `sub`. */
  subject: string;
  /** Answer of the token endpoint. @see RFC 6749 §5.1 */
  tokens: {
    /** Opaque access token. */
    access_token: string;
    /** `Bearer`. */
    token_type: string;
    /** Lifetime of the access token in seconds. */
    expires_in: number;
    /** Granted scopes, separated by spaces. */
    scope?: string;
    /** Present with the scope `offline_access`. */
    refresh_token?: string;
    /** Present with the scope `openid`. */
    id_token?: string;
  };
  /** The browser's session at the authorization server. */
  cookies: TestCookie[];
}

/** A user with all defaults. @publicApi */
export type StartedUser = Required<TestUser>;

/** A client with all defaults. A public client has no secret. @publicApi */
export type StartedClient = TestClient & Required<Pick<TestClient, 'scope' | 'redirect_uris' | 'grant_types'>>;

/** Description of a running server. @publicApi */
export interface StartedServer {
  /** Issuer identifier and address of the server: `http://127.0.0.1:PORT`. */
  issuer: string;
  /** URL of the revocation endpoint. */
  endpoint: string;
  /** Users in the order of the options. */
  users: StartedUser[];
  /** Clients in the order of the options. */
  clients: StartedClient[];
  /** Client that may revoke, with HTTP Basic or a client credentials token. */
  operator: StartedClient & {
    /** Its secret: 256 random bits. */
    client_secret: string;
  };
}

/**
 * A running OpenID Provider with real pages, real tokens and the revocation endpoint. It runs in its own process, so it
 * works with every test runner, and it ends with the process that started it.
 *
 * @publicApi
 */
export interface AuthorizationServer extends StartedServer {
  /**
   * Signs a user in through the pages in a new browser, and redeems the code.
   *
   * @param uid login name. @default the first user
   * @throws Error with the last page, if it did not lead back to the client
   */
  signIn(uid?: string, options?: SignInOptions): Promise<SignedIn>;
  /**
   * Revokes a user through the endpoint, as the operator.
   *
   * @param user login name, or a subject identifier. @see RFC 9493 §3
   * @throws Error with status and body unless the answer is 204
   */
  revoke(user: string | Record<string, unknown>): Promise<void>;
  /** Restores the initial state: nobody is signed in, no token is live, nothing was revoked. */
  reset(): Promise<void>;
  /** Stops the server and removes its database. */
  stop(): Promise<void>;
}
