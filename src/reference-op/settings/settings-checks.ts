import { isIP } from 'node:net';

/** Scheme, host and port only, exactly as it appears in tokens. @see RFC 8414 §2 */
export function isOrigin(value: string): boolean {
  return /^https?:\/\//.test(value) && URL.canParse(value) && new URL(value).origin === value;
}

/** {@link isOrigin} with https. */
export const isHttpsOrigin = (value: string): boolean => value.startsWith('https://') && isOrigin(value);

/** `sqlite:PATH`, or `postgres://`, `mariadb://` or `mysql://` with host and database name. */
export function isDatabaseUrl(value: string): boolean {
  if (value.startsWith('sqlite:')) return isFileName(value.slice('sqlite:'.length)) && !value.startsWith('sqlite://');
  if (!/^(?:postgres(?:ql)?|mariadb|mysql):\/\//.test(value) || /\s/.test(value) || !URL.canParse(value)) return false;
  const { hostname, pathname, hash } = new URL(value);
  return hostname !== '' && hash === '' && /^\/[^/]+$/.test(pathname);
}

/** Slash-separated segments of unreserved characters, none of them `.` or `..`; one leading slash may be there. */
export function isEndpointPath(value: string): boolean {
  const segments = value.replace(/^\//, '').split('/');
  return segments.every((segment) => /^[A-Za-z0-9._~-]+$/.test(segment) && segment !== '.' && segment !== '..');
}

/** A name that a header may have. @see RFC 9110 §5.1 */
export function isHeaderName(value: string): boolean {
  return /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(value);
}

/** Not blank at either end and without control characters. */
export function isFileName(value: string): boolean {
  return value !== '' && value === value.trim() && !/\p{Cc}/u.test(value);
}

/** What a cookie key is. */
export const COOKIE_KEY = '32 printable ASCII characters, without commas and blanks';

/** {@link COOKIE_KEY}, at least. */
export function isCookieKey(value: string): boolean {
  return /^[\x21-\x2b\x2d-\x7e]{32,}$/.test(value);
}

/** What a storage key is. */
export const STORAGE_KEY = '32 bytes in base64url without padding (43 characters)';

/** {@link STORAGE_KEY}. */
export function isStorageKey(value: string): boolean {
  const bytes = Buffer.from(value, 'base64url');
  return bytes.length === 32 && bytes.toString('base64url') === value;
}

export const isHost = (value: string): boolean =>
  isIP(value) !== 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/.test(value);

/** `off`, `on`, a number of hops, or addresses and CIDR ranges. */
export const isTrustProxy = (value: string): boolean =>
  /^(off|on|[1-9]\d?)$/.test(value) || value.split(',').every(isRange);

/** Whether the proxies are addresses and ranges, of which none is everybody's. */
export const namesProxies = (value: string): boolean =>
  !/^(off|on|\d+)$/.test(value) && value.split(',').every((range) => !/\/0+$/.test(range));

function isRange(range: string): boolean {
  const [address = '', bits, more] = range.split('/');
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return (
    longest > 0 && more === undefined && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest))
  );
}
