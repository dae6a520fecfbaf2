import type { JWK } from 'jose';
import { Mismatch, NotTested } from './outcome.js';
import { type Answer, basic, type ClientCredentials, jsonOf, type Message, send } from './http.js';
import type { SignedIn, SubId } from './signed-in.js';

/** A caller that signs its requests. */
export interface SigningKey {
  /** Private key, with `kid` and `alg`. */
  key: JWK;
}

/** What the tester knows about the server. All but `base_url` may be missing: what needs it is not tested then. */
export interface TargetOptions {
  /** Issuer identifier. */
  base_url: string;
  /** URL of the endpoint. @default `global_token_revocation_endpoint` of the metadata */
  endpoint?: string;
  /** A client that may revoke, with HTTP Basic. */
  caller?: ClientCredentials;
  /** A client that authenticates and lacks the scope. */
  caller_without_scope?: ClientCredentials;
  /** A client that may revoke the person of the sign-in command, and an identifier of the other, whom it may not. */
  limited_caller?: ClientCredentials & { outside: SubId };
  /** A client registered for `private_key_jwt` that may revoke. */
  assertion_caller?: SigningKey & { client_id: string };
  /** An identity provider that is registered for signed requests of type `global-token-revocation+jwt`. */
  connection?: SigningKey & {
    issuer: string;
    subject?: string;
    /** `typ` of its JWTs; none when it is empty. @default global-token-revocation+jwt */
    typ?: string;
    /** A user whom it may not name. */
    outside?: SubId;
  };
  /** An access token that is bound to a certificate. @see RFC 8705 §3 */
  certificate_bound_token?: string;
  /** An identifier that names several users, where that is refused. */
  ambiguous?: SubId;
  /** Status for a user nobody knows. @default 404 */
  unknown_subject_status?: 204 | 404;
}

type Metadata = Record<string, unknown>;

/** The server under test. */
export class Target {
  private known?: Promise<Metadata>;

  /** @param signIn signs a person in; another one when asked */
  constructor(
    readonly options: TargetOptions,
    private readonly signIn?: (who: 'person' | 'other') => Promise<SignedIn>,
  ) {}

  /** What the options say about this, or the clause is not tested. @throws NotTested */
  need<Key extends keyof TargetOptions>(key: Key): NonNullable<TargetOptions[Key]> {
    const value = this.options[key];
    if (value === undefined || value === null) throw new NotTested(`needs ${key} in the configuration`);
    return value;
  }

  /** A person with a session and tokens that were just made. @throws NotTested without a way to sign in */
  async person(who: 'person' | 'other' = 'person'): Promise<SignedIn> {
    if (!this.signIn) throw new NotTested('needs a command that signs a person in (--sign-in)');
    return this.signIn(who);
  }

  /** The authorization server's metadata. @see OpenID Connect Discovery 1.0 §4, RFC 8414 §3 */
  metadata(): Promise<Metadata> {
    this.known ??= this.document('openid-configuration').catch(() => this.document('oauth-authorization-server'));
    return this.known;
  }

  private async document(name: string): Promise<Metadata> {
    const answer = await send(`${this.options.base_url.replace(/\/$/, '')}/.well-known/${name}`);
    const metadata = answer.status === 200 ? jsonOf(answer) : undefined;
    if (!metadata) throw new Mismatch(`/.well-known/${name} is no JSON object: status ${answer.status}`);
    return metadata;
  }

  /** One URL of the metadata. @throws NotTested when it is not there */
  async metadataUrl(name: string): Promise<string> {
    const value = (await this.metadata().catch(() => ({}) as Metadata))[name];
    if (typeof value !== 'string') throw new NotTested(`needs ${name} in the metadata`);
    return value;
  }

  /** URL of the endpoint. @throws NotTested when neither the options nor the metadata name it */
  async endpoint(): Promise<string> {
    return this.options.endpoint ?? (await this.metadataUrl('global_token_revocation_endpoint'));
  }

  /** @throws Mismatch when the server does not answer, NotTested when nobody knows where the endpoint is */
  async reach(): Promise<void> {
    await send(this.options.endpoint ?? this.options.base_url);
    await this.endpoint();
  }

  /** A request to the endpoint by the caller, with parts of it replaced; an undefined header is left out. */
  async post(body: unknown, headers: Record<string, string | string[] | undefined> = {}): Promise<Answer> {
    const authorization = 'authorization' in headers ? undefined : basic(this.need('caller'));
    return this.raw({
      method: 'POST',
      headers: { ...(authorization && { authorization }), 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** A request that asks to revoke this user. */
  revoke(subId: unknown, headers: Record<string, string | undefined> = {}): Promise<Answer> {
    return this.post({ sub_id: subId }, headers);
  }

  /** Any request to the endpoint. */
  async raw(
    message: Omit<Message, 'headers'> & { headers?: Record<string, string | string[] | undefined> },
  ): Promise<Answer> {
    const sent = Object.entries(message.headers ?? {}).filter(([, value]) => value !== undefined);
    const headers = { ...(Object.fromEntries(sent) as Record<string, string | string[]>) };
    if (message.body) headers['content-length'] = String(Buffer.byteLength(message.body));
    return send(await this.endpoint(), { ...message, headers });
  }
}
