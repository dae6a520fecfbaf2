import { readFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { connect, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as secure, createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { extraAuthoritiesFile } from '../../options/startup.options.js';
import { isLoopback, isPublicAddress } from './public-address.js';

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
  /** What to send with `POST`. @default none: the method is `GET` */
  content?: PostContent | undefined;
  /** Value of the header `Authorization`. @default none */
  authorization?: string | undefined;
  /** Whether the status is that of a success. @default 200 only */
  isSuccess?: (status: number) => boolean;
  /** Status of a refusal whose short JSON is kept in {@link UnexpectedStatus.refusal}. @default none */
  explained?: number | undefined;
}

/** Body of a request. @publicApi */
export interface PostContent {
  /** Value of the header `Content-Type`. */
  readonly type: string;
  readonly body: string;
}

/** The server has answered with a status that is not that of a success. */
export class UnexpectedStatus extends Error {
  /**
   * @param retryAfter header of the answer
   * @param refusal body of the answer, if the status is {@link GuardedRequestOptions.explained}
   */
  constructor(
    readonly status: number,
    readonly retryAfter: string | undefined,
    readonly refusal = '',
  ) {
    super(`the answer is ${status}`);
  }
}

/** Longest refusal that is read, in bytes. */
const REFUSAL_MAX = 4096;

type Opened = (error: Error | null, socket: Duplex) => void;

/**
 * Fetches a public https resource without redirects, or posts to one. The address is checked on the connected socket,
 * before anything is sent, so that DNS rebinding has no effect.
 *
 * @throws Error
 * @see RFC 8725 §3.10
 */
export async function guardedRequest(url: URL, options: GuardedRequestOptions): Promise<Buffer> {
  const { accept = 'application/json, application/jwk-set+json', bytesMax = 65_536, authorization } = options;
  const { content, isSuccess = (status) => status === 200 } = options;
  const isPlain = options.http === true && url.protocol === 'http:';
  if ((!isPlain && url.protocol !== 'https:') || url.username !== '' || url.password !== '') {
    throw new Error('only https addresses without a password are fetched');
  }
  return new Promise((resolve, reject) => {
    const headers = {
      accept,
      'accept-encoding': 'identity',
      ...(content && { 'content-type': content.type }),
      ...(authorization !== undefined && { authorization }),
    };
    const createConnection = (_options: unknown, done: Opened): undefined => {
      openSocket(url, options, done);
    };
    const method = content ? 'POST' : 'GET';
    const send = isPlain ? plainRequest : secureRequest;
    const request = send(url, { method, createConnection, headers, signal: options.signal }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const fail = (why: Error | string): void => void response.destroy(typeof why === 'string' ? new Error(why) : why);
      response.on('error', reject);
      const { statusCode: status = 0, headers: answered } = response;
      const isDone = isSuccess(status);
      const isExplained = status === options.explained && Number(answered['content-length']) <= REFUSAL_MAX;
      if (!isDone && !isExplained) return fail(new UnexpectedStatus(status, answered['retry-after']));
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > bytesMax) fail(`the answer is larger than ${bytesMax} bytes`);
        else chunks.push(chunk);
      });
      response.on('end', () => {
        const body = Buffer.concat(chunks);
        if (isDone) resolve(body);
        else reject(new UnexpectedStatus(status, answered['retry-after'], body.toString()));
      });
    });
    request.on('error', reject);
    request.end(content?.body);
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
      else socket.destroy(new Error('http is allowed only for loopback addresses'));
      return;
    }
    const name = isIP(host) === 0 ? { servername: host } : {};
    done(null, secure({ socket, host, ...name, ...(ca.length > 0 && { secureContext: contextWith(ca) }) }));
  });
}

const contexts = new WeakMap<readonly string[], SecureContext>();

/** Trusts further authorities. Made once for each list: reading all certificates takes longer than a handshake. */
function contextWith(ca: readonly string[]): SecureContext {
  const context = contexts.get(ca) ?? createSecureContext({ ca: [...rootCertificates, ...extraAuthorities(), ...ca] });
  contexts.set(ca, context);
  return context;
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
