import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { JSONWebKeySet } from 'jose';
import { authority, type Certificate, signedBy } from '../../support/certificates.js';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const NAMES = ['DNS:localhost', 'DNS:rebound.example', 'IP:127.0.0.1', 'IP:::1'];
const certificates = new WeakMap<Certificate, Promise<Certificate>>();

/** An https server on loopback that hands out keys, or misbehaves. */
export class KeyServer {
  /** Requests that came. */
  requests = 0;
  /** TLS handshakes that were completed. */
  handshakes = 0;

  private constructor(
    private readonly server: Server,
    /** PEM of who signed its certificate. */
    readonly ca: string,
    public answer: Answer,
  ) {
    server.on('secureConnection', () => (this.handshakes += 1));
    server.on('request', (request, response) => {
      this.requests += 1;
      this.answer(request, response);
    });
    server.on('tlsClientError', () => {});
  }

  /** @param host address it listens on */
  static async start(answer: Answer, host = '127.0.0.1', ca?: Certificate): Promise<KeyServer> {
    const issuer = ca ?? (await authority());
    if (!certificates.has(issuer)) certificates.set(issuer, signedBy(issuer, ...NAMES));
    const { key, certificate } = await certificates.get(issuer)!;
    const server = createServer({ key, cert: certificate });
    const listener = new KeyServer(server, issuer.certificate, answer);
    await once(server.listen(0, host), 'listening');
    return listener;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  url(host = 'localhost'): string {
    return `https://${host}:${this.port}/keys`;
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

/** Answers with a set of keys. */
export const keysOf =
  (jwks: () => JSONWebKeySet | { keys: object[] }): Answer =>
  (_request, response) =>
    void response.writeHead(200, { 'content-type': 'application/jwk-set+json' }).end(JSON.stringify(jwks()));
