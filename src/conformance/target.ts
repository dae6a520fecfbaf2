import {
  assertionOf,
  type AssertionCaller,
  authorizationOf,
  type Caller,
  type Connection,
  signedRequest,
} from './credentials.js';
import { discover, type Metadata } from './discovery.js';
import { Mismatch, NotTested } from './outcome.js';
import { type Answer, type ClientCredentials, type Message, send } from './http.js';
import type { SignedIn, SubId } from './signed-in.js';

/** What the tester knows about the server. All but `base_url` may be missing: what needs it is not tested then. */
export interface TargetOptions {
  /** Issuer identifier. */
  base_url: string;
  /** URL of the endpoint. @default `global_token_revocation_endpoint` of the metadata */
  endpoint?: string;
  /** Who may revoke. @default `connection`, else `assertion_caller` */
  caller?: Caller;
  /** A client that authenticates and lacks the scope. */
  caller_without_scope?: ClientCredentials;
  /** A client that may revoke the person of the sign-in command, and an identifier of the other, whom it may not. */
  limited_caller?: ClientCredentials & { outside: SubId };
  /** A client registered for `private_key_jwt` that may revoke. */
  assertion_caller?: AssertionCaller;
  /** An identity provider that is registered for signed requests; `outside` is a user whom it may not name. */
  connection?: Connection & { outside?: SubId };
  /** An access token that is bound to a certificate. @see RFC 8705 §3 */
  certificate_bound_token?: string;
  /** An identifier that names several users, where that is refused. */
  ambiguous?: SubId;
  /** Status for a user nobody knows. @default 404 */
  unknown_subject_status?: 204 | 404;
}

type Who = 'person' | 'other';

/** The server under test. */
export class Target {
  private known?: Promise<Metadata>;
  private lastPerson?: SignedIn;

  /** @param signIn signs a person in; another one when asked */
  constructor(
    readonly options: TargetOptions,
    private readonly signIn?: (who: Who) => Promise<SignedIn>,
  ) {}

  /** What the options say about this, or the clause is not tested. @throws NotTested */
  need<Key extends keyof TargetOptions>(key: Key): NonNullable<TargetOptions[Key]> {
    const value = this.options[key];
    if (value === undefined || value === null) throw new NotTested(`needs ${key} in the configuration`);
    return value;
  }

  /** The caller, where it is a client with a secret. @throws NotTested */
  client(): ClientCredentials {
    const caller = this.need('caller');
    if ('client_id' in caller) return caller;
    throw new NotTested('needs a caller with client_id and client_secret');
  }

  /** A person with a session and tokens that were just made. @throws NotTested without a way to sign in */
  async person(who: Who = 'person'): Promise<SignedIn> {
    if (!this.signIn) throw new NotTested('needs a command that signs a person in (--sign-in)');
    const person = await this.signIn(who);
    if (who === 'person') this.lastPerson = person;
    return person;
  }

  /** The person, where tokens and session do not matter: they may have ended. @throws NotTested without a way to sign in */
  async anyPerson(): Promise<SignedIn> {
    return this.lastPerson ?? this.person();
  }

  /** The authorization server's metadata. @throws Mismatch when there are none */
  async metadata(): Promise<Metadata> {
    this.known ??= discover(this.options.base_url);
    return this.known.catch((error: unknown) => {
      delete this.known;
      throw error;
    });
  }

  /** Issuer identifier, as the server writes it: JWTs are made for it. */
  async issuer(): Promise<string> {
    const { issuer } = await this.metadataOrNone();
    return typeof issuer === 'string' ? issuer : this.options.base_url;
  }

  private metadataOrNone(): Promise<Metadata> {
    return this.metadata().catch((error: unknown) => {
      if (error instanceof Mismatch) return {};
      throw error;
    });
  }

  /** One URL of the metadata. @throws NotTested when it is not there */
  async metadataUrl(name: string): Promise<string> {
    const value = (await this.metadataOrNone())[name];
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

  /** The caller's `Authorization` header, made anew where it is signed. @throws NotTested when there is no caller */
  async authorization(): Promise<string> {
    const { caller, connection, assertion_caller: client } = this.options;
    if (caller) return authorizationOf(caller);
    if (connection) return `Bearer ${await signedRequest(connection, await this.endpoint())}`;
    if (client) return `Bearer ${await assertionOf(client, await this.issuer())}`;
    return authorizationOf(this.need('caller'));
  }

  /** A request to the endpoint by the caller, with parts of it replaced; an undefined header is left out. */
  async post(body: unknown, headers: Record<string, string | string[] | undefined> = {}): Promise<Answer> {
    const authorization = 'authorization' in headers ? undefined : await this.authorization();
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
