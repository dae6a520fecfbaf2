import type { Configuration } from 'oidc-provider';
import type { MutualTls } from 'nestjs-global-revocation';
import { ROUTES } from './routes.js';

/** Endpoints for clients with a certificate. */
const ENDPOINTS = ['token', 'introspection', 'revocation', 'pushed_authorization_request', 'userinfo'] as const;

type Features = NonNullable<Configuration['features']>;

/** Returns the configuration for certificate-bound tokens, if clients can present certificates. @see RFC 8705 §3, §5 */
export function mutualTls(
  options: MutualTls | undefined,
): Required<Pick<Configuration, 'discovery'>> & Required<Pick<Features, 'mTLS'>> {
  if (!options) return { discovery: {}, mTLS: { enabled: false } };
  const { baseUrl } = options;
  const aliases = ENDPOINTS.map((name) => [`${name}_endpoint`, `${baseUrl}${ROUTES[name]}`]);
  return {
    discovery: baseUrl === undefined ? {} : { mtls_endpoint_aliases: Object.fromEntries(aliases) },
    mTLS: {
      enabled: true,
      certificateBoundAccessTokens: true,
      getCertificate: ({ req }) => options.clientCertificate(req),
    },
  };
}
