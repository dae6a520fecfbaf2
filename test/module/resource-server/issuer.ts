import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { deflateSync } from 'node:zlib';

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** The claim `status_list` of a list with one bit for each status. @see draft-ietf-oauth-status-list §4.2 */
export const packed = (bytes: Uint8Array): { bits: number; lst: string } => ({
  bits: 1,
  lst: deflateSync(bytes, { level: 9 }).toString('base64url'),
});

/** Claims of a token besides those that every token of {@link Issuer} has; undefined leaves one out. */
export type Claims = Readonly<Record<string, unknown>>;

export const AUDIENCE = 'https://api.example.com';

/** An authorization server on a loopback address, whose documents a test can replace. */
export class Issuer {
  /** How often each path was asked for. */
  readonly asked: Record<string, number> = {};
  /** What a path answers instead. */
  readonly instead: Record<string, Handler> = {};
  /** Indexes with the status 1. */
  readonly ended = new Set<number>();
  readonly api = AUDIENCE;
  /** Difference of its clock, in seconds. */
  skew = 0;
  ttl = 15;
  lifetime = 75;
  private kid = 0;

  private constructor(
    readonly url: string,
    private readonly server: Server,
    private key: CryptoKey,
    private published: JWK[],
  ) {}

  static async start(host = '127.0.0.1'): Promise<Issuer> {
    const { key, jwk } = await newKey('0');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const issuer = new Issuer(`http://${host}:${(server.address() as AddressInfo).port}`, server, key, [jwk]);
    server.on('request', (request, response) => void issuer.answer(request, response));
    return issuer;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get listUri(): string {
    return `${this.url}/status/1`;
  }

  /** Signs with a new key from now on. @param keepsOld whether the old one stays published */
  async rotate(keepsOld = false): Promise<void> {
    this.kid += 1;
    const { key, jwk } = await newKey(String(this.kid));
    this.key = key;
    this.published = [jwk, ...(keepsOld ? this.published : [])];
  }

  /** A token of alice with an index. */
  token(index: number, claims: Claims = {}, header: Claims = {}): Promise<string> {
    const all = {
      iss: this.url,
      aud: AUDIENCE,
      sub: 'alice',
      client_id: 'app',
      scope: 'read write',
      jti: `${index}`,
      iat: this.now(),
      exp: this.now() + 300,
      status: { status_list: { idx: index, uri: this.listUri } },
      ...claims,
    };
    return this.sign(all, { typ: 'at+jwt', ...header });
  }

  async list(claims: Claims = {}, header: Claims = {}): Promise<string> {
    const bytes = new Uint8Array(16);
    for (const index of this.ended) bytes[index >> 3]! |= 1 << (index & 7);
    const list = {
      iss: this.url,
      sub: this.listUri,
      iat: this.now(),
      exp: this.now() + this.lifetime,
      ttl: this.ttl,
      status_list: packed(bytes),
      ...claims,
    };
    return this.sign(list, { typ: 'statuslist+jwt', ...header });
  }

  sign(claims: Claims, header: Claims): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: String(this.kid), ...header }).sign(this.key);
  }

  private now(): number {
    return Math.floor(Date.now() / 1000) + this.skew;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    this.asked[path] = (this.asked[path] ?? 0) + 1;
    const handler = this.instead[path];
    if (handler) return handler(request, response);
    if (path === '/.well-known/oauth-authorization-server') {
      const { url } = this;
      return json(response, { issuer: url, jwks_uri: `${url}/jwks`, introspection_endpoint: `${url}/introspect` });
    }
    if (path === '/jwks') return json(response, { keys: this.published });
    if (path === '/status/1') return void response.end(await this.list());
    response.writeHead(404).end();
  }
}

/** Sends JSON. */
export const json = (response: ServerResponse, body: unknown): void =>
  void response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));

async function newKey(kid: string): Promise<{ key: CryptoKey; jwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  return { key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } };
}
