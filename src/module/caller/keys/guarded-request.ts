import { readFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { connect, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as secure, rootCertificates } from 'node:tls';
import { extraAuthoritiesFile } from '../../options/startup.options.js';
import { isLoopback, isPublicAddress } from './public-address.js';

/** Options of {@link guardedRequest}. */
export interface GuardedRequestOptions {
  /** Hosts that may have a non-public address. */
  allowedHosts: readonly string[];
  /** PEM certificates of authorities to trust besides Node's own. */
  ca: readonly string[];
  /** Aborts the request, including the connection attempt. */
  signal: AbortSignal;
  /** Value of the header `Accept`. @default that of a JWKS */
  accept?: string;
  /** Maximum size of the response, in bytes. @default 65536 */
  bytesMax?: number;
  /** Whether `http` is possible for those of {@link allowedHosts} that are loopback addresses. @default false */
  http?: boolean;
  /** A form to send with `POST`. @default none: the method is `GET` */
  form?: URLSearchParams;
  /** Value of the header `Authorization`. @default none */
  authorization?: string;
}

type Opened = (error: Error | null, socket: Duplex) => void;

/**
 * Fetches a public https resource without redirects, or posts a form to one. The address is checked on the connected socket,
 * before anything is sent, so that DNS rebinding has no effect.
 *
 * @throws Error
 * @see RFC 8725 §3.10
 */
export async function guardedRequest(url: URL, options: GuardedRequestOptions): Promise<Buffer> {
  const { accept = 'application/json, application/jwk-set+json', bytesMax = 65_536, form, authorization } = options;
  const isPlain = options.http === true && url.protocol === 'http:';
  if ((!isPlain && url.protocol !== 'https:') || url.username !== '' || url.password !== '') {
    throw new Error('only https addresses without a password are fetched');
  }
  return new Promise((resolve, reject) => {
    const headers = {
      accept,
      'accept-encoding': 'identity',
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...(authorization !== undefined && { authorization }),
    };
    const createConnection = (_options: unknown, done: Opened): undefined => {
      openSocket(url, options, done);
    };
    const method = form ? 'POST' : 'GET';
    const send = isPlain ? plainRequest : secureRequest;
    const request = send(url, { method, createConnection, headers, signal: options.signal }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const fail = (why: string): void => void response.destroy(new Error(why));
      response.on('error', reject);
      if (response.statusCode !== 200) return fail(`the answer is ${response.statusCode}`);
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > bytesMax) fail(`the answer is larger than ${bytesMax} bytes`);
        else chunks.push(chunk);
      });
      response.on('end', () => resolve(Buffer.concat(chunks)));
    });
    request.on('error', reject);
    request.end(form?.toString());
  });
}

function openSocket(url: URL, { allowedHosts, ca, signal }: GuardedRequestOptions, done: Opened): void {
  const isPlain = url.protocol === 'http:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const socket = connect({ host, port: Number(url.port || (isPlain ? 80 : 443)), signal });
  socket.once('error', (error) => done(error, socket));
  socket.once('connect', () => {
    const address = socket.remoteAddress ?? '';
    if (!allowedHosts.includes(host) && !isPublicAddress(address)) {
      socket.destroy(new Error('the address is not public'));
      return;
    }
    if (isPlain) {
      if (isLoopback(address)) done(null, socket);
      else socket.destroy(new Error('http is possible for loopback addresses only'));
      return;
    }
    const name = isIP(host) === 0 ? { servername: host } : {};
    done(
      null,
      secure({
        socket,
        host,
        ...name,
        ...(ca.length > 0 && { ca: [...rootCertificates, ...extraAuthorities(), ...ca] }),
      }),
    );
  });
}

/** Returns the authorities that the environment adds, which Node ignores if a list is given. */
function extraAuthorities(): string[] {
  const file = extraAuthoritiesFile();
  try {
    return file ? [readFileSync(file, 'utf8')] : [];
  } catch {
    return []; // Node has already warned about it
  }
}
