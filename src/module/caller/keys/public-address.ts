import ipaddr from 'ipaddr.js';

/** The IPv6 range that the internet routes. @see RFC 4291 §2.4 */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

/**
 * Returns whether an address is public: not private, local or reserved. An IPv4-mapped IPv6 address counts as its IPv4
 * address.
 *
 * @see IANA IPv4 and IPv6 Special-Purpose Address Registries
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST);
}

/** Returns whether an address is of this machine itself. @see IANA IPv4 and IPv6 Special-Purpose Address Registries */
export const isLoopback = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
