import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { headerValues, type MutualTls } from 'nestjs-global-revocation';
import type { Settings } from './settings/settings.js';

/** How a proxy in front of the server passes on the certificates of clients; undefined: it does not. */
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
 * A certificate in a header: DER in base64 between colons, or PEM with percent-encoding (nginx's `$ssl_client_escaped_cert`).
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

/** Whether the sender of a request, who is connected to us, is one of the proxies whose addresses the setting has. */
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
