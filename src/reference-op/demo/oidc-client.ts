import * as oidc from 'openid-client';
import type { Pending } from './visits.js';

/** The URL to send a browser to, and what to remember until it comes back. */
export interface Departure {
  url: URL;
  state: string;
  pending: Pending;
}

/** What the provider issues for a code. */
export type CodeTokens = Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>;

const TIMEOUT_SECONDS = 5;

/** A client of the provider: discovery, and a sign-in with an authorization code and PKCE. */
export class OidcClient {
  private discovered?: Promise<oidc.Configuration>;

  constructor(
    private readonly issuer: string,
    private readonly client: { clientId: string; secret: string },
    /** Where the browser comes back. */
    readonly redirectUri: string,
  ) {}

  /** Returns the discovered configuration; retries after a failure. */
  config(): Promise<oidc.Configuration> {
    this.discovered ??= this.discover().catch((error: unknown) => {
      delete this.discovered;
      throw error;
    });
    return this.discovered;
  }

  /** Starts a sign-in. @see OpenID Connect Core 1.0 §3.1.2.1 */
  async depart(parameters: Record<string, string>): Promise<Departure> {
    const verifier = oidc.randomPKCECodeVerifier();
    const nonce = oidc.randomNonce();
    const state = oidc.randomState();
    const url = oidc.buildAuthorizationUrl(await this.config(), {
      redirect_uri: this.redirectUri,
      ...parameters,
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return { url, state, pending: { kind: 'sign-in', verifier, nonce } };
  }

  /** Redeems the code that the browser brought back. */
  async redeem(
    reply: URLSearchParams,
    state: string,
    { verifier, nonce }: Pending & { kind: 'sign-in' },
  ): Promise<CodeTokens> {
    return oidc.authorizationCodeGrant(await this.config(), new URL(`${this.redirectUri}?${reply}`), {
      pkceCodeVerifier: verifier,
      expectedNonce: nonce,
      expectedState: state,
      idTokenExpected: true,
    });
  }

  private discover(): Promise<oidc.Configuration> {
    const { clientId, secret } = this.client;
    const execute = this.issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : [];
    const options = { execute, timeout: TIMEOUT_SECONDS };
    return oidc.discovery(new URL(this.issuer), clientId, undefined, oidc.ClientSecretBasic(secret), options);
  }
}
