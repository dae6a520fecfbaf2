import { requestPath } from 'nestjs-global-revocation';
import { INTERACTION, ROUTES } from '../op/routes.js';
import { DEMO_PATH } from '../demo-data.js';

/** All words in our paths, except those of the endpoint. */
const WORDS = [
  ...Object.values(ROUTES).flatMap((path) => path.split('/')),
  ...[INTERACTION, 'login', 'consent', 'abort', 'confirm', 'success'],
  ...['.well-known', 'openid-configuration', 'oauth-authorization-server', 'favicon.ico', 'livez', 'metrics', 'readyz'],
  ...[
    DEMO_PATH,
    'demo.js',
    ...['shop', 'events', 'backchannel-logout'],
    'revoke',
    'sign-in',
    'sign-out',
    'callback',
    'docs',
    'docs-json',
    'docs.js',
    'swagger-ui.css',
    'swagger-ui-bundle.js',
  ],
];

/** Maximum number of segments to show. */
const LONGEST = 8;

/**
 * Returns a function that converts a URL to a path for the log. Segments that are not ours, such as the id of an
 * interaction or whatever a stranger types, become `:id`; the query is removed.
 */
export function routes(endpointPath: string): (url: string | undefined) => string {
  const words = new Map([...WORDS, ...endpointPath.split('/')].map((word) => [word.toLowerCase(), word]));
  const shown = (path: string): string => {
    const segments = path.split('/').slice(1, LONGEST + 1);
    return `/${segments.map((segment) => words.get(segment) ?? (segment === '' ? '' : ':id')).join('/')}`;
  };
  const endpoint = requestPath(`/${endpointPath}`);
  const shownEndpoint = shown(endpoint);
  return (url) => {
    const path = requestPath(url);
    return path === endpoint ? shownEndpoint : shown(path); // the endpoint is called most often
  };
}
