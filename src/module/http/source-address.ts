import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address with the brackets, zone or port that proxies add, as for a node in `Forwarded`. */
const NODE = /^"?(?:\[(?<bracketed>[^\]]*)\](?::[\w.-]*)?|(?<v4>[^:]*)(?::[\w.-]*)?|(?<bare>.*?))"?$/;

/**
 * Returns the canonical form of an address from a socket or proxy: without zone and port, and as IPv4 if it is mapped to
 * IPv6. The port differs between connections of one source.
 *
 * @returns an empty string if it is not an address, such as `unknown` or a name
 * @see RFC 7239 §6, RFC 5952 §4
 */
export function sourceAddress(text: unknown): string {
  const { bracketed, v4, bare } = NODE.exec(typeof text === 'string' ? text.trim() : '')?.groups ?? {};
  const address = (bracketed ?? v4 ?? bare ?? '').replace(/%.*$/, '');
  return isIP(address) === 0 ? '' : ipaddr.process(address).toString();
}

/**
 * Returns the client address of Node's request in canonical form; empty if it is none. On Express and Fastify, `ip` is the address
 * behind trusted proxies.
 */
export const sourceIp = (request: IncomingMessage & { ip?: string }): string =>
  sourceAddress(request.ip ?? request.socket.remoteAddress);
