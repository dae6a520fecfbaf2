/** Longest accepted header value, in characters. */
const MAX_LENGTH = 4096;

/**
 * Parses `Basic` credentials strictly: one scheme, canonical base64, UTF-8, split at the first colon, both halves
 * form-encoded and not empty, no control characters. Returns undefined for anything else.
 *
 * @see RFC 7617 §2, RFC 6749 §2.3.1
 */
export function parseBasicCredentials(header: string | undefined): { id: string; secret: string } | undefined {
  if (!header || header.length > MAX_LENGTH) return undefined;
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header)?.[1];
  if (!encoded) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64') !== encoded) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const colon = text.indexOf(':');
    const id = formDecode(text.slice(0, Math.max(colon, 0)));
    const secret = formDecode(text.slice(colon + 1));
    return id && secret ? { id, secret } : undefined;
  } catch {
    return undefined; // not UTF-8, or an invalid percent-encoding
  }
}

function formDecode(half: string): string | undefined {
  const decoded = decodeURIComponent(half.replaceAll('+', ' '));
  return /\p{Cc}/u.test(decoded) ? undefined : decoded;
}
