import { isIP } from 'node:net';

/** Returns whether the URL has scheme, host and port only, exactly as it appears in tokens. @see RFC 8414 §2 */
export function isOrigin(value: string): boolean {
  return /^https?:\/\//.test(value) && URL.canParse(value) && new URL(value).origin === value;
}

/** Like {@link isOrigin}, but only for https. */
export const isHttpsOrigin = (value: string): boolean => value.startsWith('https://') && isOrigin(value);

/** Accepts absolute URLs without query and fragment. @see RFC 8707 §2 */
export const isAudience = (value: string): boolean => /^https?:\/\/[^?#\s]+$/.test(value) && URL.canParse(value);

/** Accepts `sqlite:PATH`, or `postgres://`, `mariadb://` or `mysql://` with host and database name. */
export function isDatabaseUrl(value: string): boolean {
  if (value.startsWith('sqlite:')) return isFileName(value.slice('sqlite:'.length)) && !value.startsWith('sqlite://');
  if (!/^(?:postgres(?:ql)?|mariadb|mysql):\/\//.test(value) || /\s/.test(value) || !URL.canParse(value)) return false;
  const { hostname, pathname, hash } = new URL(value);
  return hostname !== '' && hash === '' && /^\/[^/]+$/.test(pathname);
}

/** Accepts slash-separated segments of unreserved characters except `.` and `..`; a leading slash is optional. */
export function isEndpointPath(value: string): boolean {
  const segments = value.replace(/^\//, '').split('/');
  return segments.every((segment) => /^[A-Za-z0-9._~-]+$/.test(segment) && segment !== '.' && segment !== '..');
}

/** Accepts names of headers. @see RFC 9110 §5.1 */
export function isHeaderName(value: string): boolean {
  return /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(value);
}

/** Accepts text without control characters, and without blanks at the beginning or end. */
export function isFileName(value: string): boolean {
  return value !== '' && value === value.trim() && !/\p{Cc}/u.test(value);
}

/** Description of a cookie key. */
export const COOKIE_KEY = '32 printable ASCII characters, without commas or spaces';

/** Accepts {@link COOKIE_KEY} or more. */
export function isCookieKey(value: string): boolean {
  return /^[\x21-\x2b\x2d-\x7e]{32,}$/.test(value);
}

/** Description of a storage key. */
export const STORAGE_KEY = '32 bytes in base64url without padding (43 characters)';

/** Accepts {@link STORAGE_KEY}. */
export function isStorageKey(value: string): boolean {
  const bytes = Buffer.from(value, 'base64url');
  return bytes.length === 32 && bytes.toString('base64url') === value;
}

export const isHost = (value: string): boolean =>
  isIP(value) !== 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/.test(value);

/** Accepts `off`, `on`, a number of hops, or addresses and CIDR ranges. */
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
