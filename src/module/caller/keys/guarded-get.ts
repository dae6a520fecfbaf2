import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { connect, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as secure, rootCertificates } from 'node:tls';
import { extraAuthoritiesFile } from '../../options/startup.options.js';
import { isPublicAddress } from './public-address.js';

/** Longest response that is read, in bytes. */
const BODY_MAX = 65_536;

/** Options of {@link guardedGet}. */
export interface GuardedGetOptions {
  /** Hosts that may have a non-public address. */
  allowedHosts: readonly string[];
  /** PEM certificates of authorities to trust besides Node's own. */
  ca: readonly string[];
  /** Aborts the request, including the connection attempt. */
  signal: AbortSignal;
}

type Opened = (error: Error | null, socket: Duplex) => void;

/**
 * Fetches a public https resource, at most 64 kB and without redirects. The address is checked on the connected socket, before
 * anything is sent, so that DNS rebinding has no effect.
 *
 * @throws Error
 * @see RFC 8725 §3.10
 */
export async function guardedGet(url: URL, options: GuardedGetOptions): Promise<Buffer> {
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    throw new Error('only https addresses without a password are fetched');
  }
  return new Promise((resolve, reject) => {
    const headers = { accept: 'application/json, application/jwk-set+json', 'accept-encoding': 'identity' };
    const createConnection = (_options: unknown, done: Opened): undefined => {
      openSocket(url, options, done);
    };
    const request = get(url, { createConnection, headers, signal: options.signal }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const fail = (why: string): void => void response.destroy(new Error(why));
      response.on('error', reject);
      if (response.statusCode !== 200) return fail(`the answer is ${response.statusCode}`);
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > BODY_MAX) fail(`the answer is larger than ${BODY_MAX} bytes`);
        else chunks.push(chunk);
      });
      response.on('end', () => resolve(Buffer.concat(chunks)));
    });
    request.on('error', reject);
  });
}

function openSocket({ hostname, port }: URL, { allowedHosts, ca, signal }: GuardedGetOptions, done: Opened): void {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const socket = connect({ host, port: Number(port || 443), signal });
  socket.once('error', (error) => done(error, socket));
  socket.once('connect', () => {
    if (!allowedHosts.includes(host) && !isPublicAddress(socket.remoteAddress ?? '')) {
      socket.destroy(new Error('the address is not public'));
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

/** Those that the environment adds to Node's own: with a list of ours, Node would leave them out. */
function extraAuthorities(): string[] {
  const file = extraAuthoritiesFile();
  try {
    return file ? [readFileSync(file, 'utf8')] : [];
  } catch {
    return []; // Node itself has warned of it
  }
}
