import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { headerValues, type MutualTls } from 'nestjs-global-revocation';
import type { Settings } from './settings/settings.js';

/** Returns how to read client certificates from a proxy; undefined if no proxy passes them on. */
export function mutualTls({ clientCertificateHeader, mtlsUrl, trustProxy }: Settings): MutualTls | undefined {
  if (clientCertificateHeader === undefined) return undefined;
  const header = clientCertificateHeader.toLowerCase();
  const isProxy = proxies(trustProxy);
  const clientCertificate = (request: IncomingMessage): X509Certificate | undefined => {
    if (!isProxy(request.socket.remoteAddress ?? '')) return undefined;
    const [value, ...more] = headerValues(request, header);
    return value === undefined || more.length > 0 ? undefined : readCertificate(value);
  };
  return { clientCertificate, ...(mtlsUrl !== undefined && { baseUrl: mtlsUrl }) };
}

/**
 * Parses a certificate from a header: base64 DER between colons, or percent-encoded PEM (`$ssl_client_escaped_cert` of nginx).
 *
 * @see RFC 9440 §2.2
 */
export function readCertificate(header: string): X509Certificate | undefined {
  try {
    const [, der] = /^:([A-Za-z0-9+/]+={0,2}):$/.exec(header) ?? [];
    return new X509Certificate(der === undefined ? decodeURIComponent(header) : Buffer.from(der, 'base64'));
  } catch {
    return undefined;
  }
}

/** Returns a function that says whether an address, of the connected peer, is one of the configured proxies. */
function proxies(trustProxy: string): (address: string) => boolean {
  const trusted = new BlockList();
  for (const range of trustProxy.split(',')) {
    const [address = '', bits] = range.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    trusted.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return (address) => {
    if (!ipaddr.isValid(address)) return false;
    const plain = ipaddr.process(address);
    return trusted.check(plain.toString(), plain.kind());
  };
}
