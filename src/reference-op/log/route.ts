import { requestPath } from 'nestjs-global-revocation';
import { INTERACTION, ROUTES } from '../op/routes.js';
import { DEMO_PATH } from '../demo-data.js';

/** Every word that our paths are made of, besides that of the endpoint. */
const WORDS = [
  ...Object.values(ROUTES).flatMap((path) => path.split('/')),
  ...[INTERACTION, 'login', 'consent', 'abort', 'confirm', 'success'],
  ...['.well-known', 'openid-configuration', 'oauth-authorization-server', 'favicon.ico', 'livez', 'metrics', 'readyz'],
  ...[
    DEMO_PATH,
    'demo.js',
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

/** Most segments that are shown. */
const LONGEST = 8;

/**
 * Makes a function that gives the path of a request for the log. What is not a word of ours, such as the id of an
 * interaction or whatever a stranger types, becomes `:id`; the query is left out.
 */
export function routes(endpointPath: string): (url: string | undefined) => string {
  const words = new Map([...WORDS, ...endpointPath.split('/')].map((word) => [word.toLowerCase(), word]));
  return (url) => {
    const segments = requestPath(url)
      .split('/')
      .slice(1, LONGEST + 1);
    return `/${segments.map((segment) => words.get(segment) ?? (segment === '' ? '' : ':id')).join('/')}`;
  };
}
