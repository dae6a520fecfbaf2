import { request as forward } from 'node:http';
import { createServer, request, type RequestOptions, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Answer } from '../module/endpoint/send.js';
import type { Certificate } from './certificates.js';

/** A proxy that ends TLS, asks for certificates and passes them on as RFC 9440 says. */
export class TlsProxy {
  private constructor(
    private readonly server: Server,
    private readonly own: Certificate,
  ) {}

  /** @param target address of the server behind it */
  static async start(target: string, own: Certificate): Promise<TlsProxy> {
    const { certificate: cert, key } = own;
    const server = createServer({ cert, key, requestCert: true, rejectUnauthorized: false }, (incoming, outgoing) => {
      const { 'client-cert': _theirs, ...headers } = incoming.headers;
      const shown = (incoming.socket as TLSSocket).getPeerX509Certificate();
      if (shown) headers['client-cert'] = byteSequence(shown.raw);
      const { method, url } = incoming;
      const behind = forward(new URL(url!, target), { method, headers }, (response) => {
        outgoing.writeHead(response.statusCode!, response.headers);
        response.pipe(outgoing);
      });
      incoming.pipe(behind);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TlsProxy(server, own);
  }

  /** A POST by a client with this certificate, or with none. */
  post(path: string, headers: Record<string, string>, body: string, client?: Certificate): Promise<Answer> {
    const { port } = this.server.address() as AddressInfo;
    const shown = client && { cert: client.certificate, key: client.key };
    const options: RequestOptions = {
      ...{ host: '127.0.0.1', port, path, method: 'POST', headers, agent: false },
      ...{ ca: this.own.certificate, checkServerIdentity: () => undefined, ...shown },
    };
    return new Promise((resolve, reject) => {
      const sent = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        response.on('end', () => {
          const { statusCode: status = 0, headers } = response;
          resolve({ status, headers, body: Buffer.concat(chunks).toString() });
        });
      });
      sent.on('error', reject).end(body);
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** @see RFC 9440 §2.2 */
export const byteSequence = (der: Uint8Array): string => `:${Buffer.from(der).toString('base64')}:`;
