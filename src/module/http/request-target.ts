/** Scheme, host and port of a target in absolute form, as a proxy sends it. @see RFC 9112 §3.2.2 */
const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/**
 * Returns the path of a request target in the one form in which paths are compared: without scheme, host, query and
 * fragment, decoded once, in lower case and without a slash at the end. Routers are at most as lenient: Express ignores
 * case and a last slash, Fastify's decodes, both accept the absolute form.
 *
 * @param target `url` of Node's request
 * @see RFC 9112 §3.2, RFC 3986 §6.2.2
 * @publicApi
 */
export function requestPath(target = ''): string {
  if (target !== last.target) last = { target, path: pathOf(target) };
  return last.path;
}

/** Several steps of a request ask for the same path. */
let last = { target: '', path: '' };

function pathOf(target: string): string {
  const [path = ''] = target.replace(ABSOLUTE, '').split(/[?#]/, 1);
  return decoded(path)
    .toLowerCase()
    .replace(/(?<=.)\/$/, '');
}

/** Returns the last segment of the path of a request target as it is, without decoding it. @param target `url` of Node's request */
export function lastSegment(target = ''): string {
  const [path = ''] = target.split(/[?#]/, 1);
  return path.replace(/\/$/, '').split('/').at(-1)!;
}

/** Returns the parameters in the query of a request target. @param target `url` of Node's request @publicApi */
export const requestQuery = (target = ''): URLSearchParams =>
  new URLSearchParams(/^[^?#]*\?([^#]*)/.exec(target)?.[1] ?? '');

function decoded(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // no router matches it either
  }
}
