import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address with what proxies put around it: brackets, a zone, a port, as a node is named in `Forwarded`. */
const NODE = /^"?(?:\[(?<bracketed>[^\]]*)\](?::[\w.-]*)?|(?<v4>[^:]*)(?::[\w.-]*)?|(?<bare>.*?))"?$/;

/**
 * Canonical form of the address that a socket or a proxy names: IPv4 where it is mapped into IPv6, without zone and port.
 * A port counts up with each connection of one and the same source.
 *
 * @returns an empty string for what is no address: `unknown`, a name, junk
 * @see RFC 7239 §6, RFC 5952 §4
 */
export function sourceAddress(text: unknown): string {
  const { bracketed, v4, bare } = NODE.exec(typeof text === 'string' ? text.trim() : '')?.groups ?? {};
  const address = (bracketed ?? v4 ?? bare ?? '').replace(/%.*$/, '');
  return isIP(address) === 0 ? '' : ipaddr.process(address).toString();
}
