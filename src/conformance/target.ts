import { assertionOf, authorizationOf, signedRequest } from './credentials.js';
import { discover, type Metadata } from './discovery.js';
import { type Answer, type ClientCredentials, type Message, send } from './http.js';
import { type Need, needsText } from './needs.js';
import { Mismatch, NotTested } from './outcome.js';
import type { SignedIn, SubId } from './signed-in.js';
import type { TargetOptions } from './target-options.js';

type Who = 'person' | 'other';
type SignIn = (who: Who) => Promise<SignedIn>;

/** Settings of the tester, by need. */
interface Told extends Pick<TargetOptions, keyof TargetOptions & Need> {
  '--client-id': ClientCredentials | undefined;
  '--sign-in': SignIn | undefined;
  'identity_provider.outside': SubId | undefined;
}

/** The server under test. */
export class Target {
  private known?: Promise<Metadata>;
  private lastPerson?: SignedIn;

  /** @param signIn signs in a person, or another person if `who` is `other` */
  constructor(
    readonly options: TargetOptions,
    private readonly signIn?: SignIn,
  ) {}

  private get told(): Told {
    const { caller, identity_provider: provider } = this.options;
    return {
      ...this.options,
      '--client-id': caller && 'client_id' in caller ? caller : undefined,
      '--sign-in': this.signIn,
      'identity_provider.outside': provider?.outside,
    };
  }

  /** Returns the needs that the tester did not provide. */
  missing(needs: readonly Need[]): Need[] {
    const { told } = this;
    const someCaller = told.caller ?? told.identity_provider ?? told.assertion_caller;
    return needs.filter((need) => (need === 'caller' ? someCaller : told[need]) === undefined);
  }

  /** Returns what the tester provided. @throws NotTested if it is missing */
  need<Key extends keyof Told>(key: Key): NonNullable<Told[Key]> {
    const value = this.told[key];
    if (value === undefined) throw new NotTested(needsText([key]));
    return value as NonNullable<Told[Key]>;
  }

  /** Signs a person in and so creates a new session and new tokens. @throws NotTested if there is no sign-in command */
  async person(who: Who = 'person'): Promise<SignedIn> {
    const person = await this.need('--sign-in')(who);
    if (who === 'person') this.lastPerson = person;
    return person;
  }

  /** Returns a person whose session and tokens may have ended. @throws NotTested if there is no sign-in command */
  async anyPerson(): Promise<SignedIn> {
    return this.lastPerson ?? this.person();
  }

  /** Returns the authorization server's metadata. @throws Mismatch if there is none */
  async metadata(): Promise<Metadata> {
    this.known ??= discover(this.options.base_url);
    return this.known.catch((error: unknown) => {
      delete this.known;
      throw error;
    });
  }

  /** Returns the issuer identifier as the server writes it; it is the audience of client assertions. */
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

  /** Returns a URL from the metadata. @throws NotTested if the metadata does not contain it */
  async metadataUrl(name: string): Promise<string> {
    const value = (await this.metadataOrNone())[name];
    if (typeof value !== 'string') throw new NotTested(`needs ${name} in the metadata`);
    return value;
  }

  /** Returns the URL of the endpoint. @throws NotTested if neither the options nor the metadata contain it */
  async endpoint(): Promise<string> {
    return this.options.endpoint ?? (await this.metadataUrl('global_token_revocation_endpoint'));
  }

  /**
   * Calls the server for the first time.
   *
   * @returns the `Server` header of its answer
   * @throws Mismatch if the server does not answer, NotTested if the endpoint is unknown
   */
  async reach(): Promise<string | undefined> {
    const { headers } = await send(this.options.endpoint ?? this.options.base_url);
    await this.endpoint();
    return headers['server'];
  }

  /** Returns the caller's `Authorization` header, newly signed if needed. @throws NotTested if there is no caller */
  async authorization(): Promise<string> {
    const { caller, identity_provider: provider, assertion_caller: client } = this.options;
    if (caller) return authorizationOf(caller);
    if (provider) return `Bearer ${await signedRequest(provider, await this.endpoint())}`;
    if (client) return `Bearer ${await assertionOf(client, await this.issuer())}`;
    throw new NotTested(needsText(['caller']));
  }

  /** Sends a request of the caller to the endpoint. Headers override those of the caller; undefined omits one. */
  async post(body: unknown, headers: Record<string, string | string[] | undefined> = {}): Promise<Answer> {
    const authorization = 'authorization' in headers ? undefined : await this.authorization();
    return this.raw({
      method: 'POST',
      headers: { ...(authorization && { authorization }), 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** Asks the server to revoke this user. */
  revoke(subId: unknown, headers: Record<string, string | undefined> = {}): Promise<Answer> {
    return this.post({ sub_id: subId }, headers);
  }

  /** Sends any request to the endpoint. */
  async raw(
    message: Omit<Message, 'headers'> & { headers?: Record<string, string | string[] | undefined> },
  ): Promise<Answer> {
    const sent = Object.entries(message.headers ?? {}).filter(([, value]) => value !== undefined);
    const headers = { ...(Object.fromEntries(sent) as Record<string, string | string[]>) };
    if (message.body) headers['content-length'] = String(Buffer.byteLength(message.body));
    return send(await this.endpoint(), { ...message, headers });
  }
}
