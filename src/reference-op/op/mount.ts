import type { IncomingMessage, ServerResponse } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import type Provider from 'oidc-provider';
import { EndpointRoute } from 'nestjs-global-revocation';
import { epochContext } from 'nestjs-global-revocation/oidc-provider';
import { OIDC_PROVIDER, OP_OPTIONS, type OpOptions } from './op.options.js';
import { isOfPrograms, isProviderUrl } from './routes.js';

/** Mounts the provider at the root of the application, before its body parser: call it before `listen()`. */
export function mountProvider(app: INestApplication): void {
  const { issuer } = app.get<OpOptions>(OP_OPTIONS);
  const isSecure = issuer.startsWith('https:');
  app.useSecurityHeaders({
    strictTransportSecurity: isSecure,
    // With `no-referrer`, browsers send `Origin: null` from our own forms.
    referrerPolicy: { policy: 'same-origin' },
    contentSecurityPolicy: {
      directives: {
        // Our pages have their own policy. This one is for pages of the library, whose forms lead to applications.
        formAction: null,
        styleSrc: [`'self'`],
        ...(!isSecure && { upgradeInsecureRequests: null }),
      },
    },
  });
  const { origin } = new URL(issuer);
  const endpoint = app.get(EndpointRoute, { strict: false });
  const exclude = (request: Post): boolean =>
    isOfPrograms(request.originalUrl) || endpoint.isAt(request.originalUrl) || isFrom(origin, request);
  app.enableCsrfProtection({ exclude });
  app.use(epochContext);
  app.use(serve(app.get<Provider>(OIDC_PROVIDER), new URL(issuer)));
}

type Post = Pick<IncomingMessage, 'headers'> & { originalUrl: string };

/** Returns whether only `Origin` shows that a post is ours. The default check compares it with `Host`, which a proxy may set. */
const isFrom = (origin: string, { headers }: Post): boolean =>
  headers['sec-fetch-site'] === undefined && headers.origin === origin;

/** Serves the provider, which builds URLs from the request, with the configured host and scheme. */
function serve(provider: Provider, { host, protocol }: URL) {
  provider.proxy = true;
  const callback = provider.callback();
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    if (!isProviderUrl(request.url)) return next();
    request.headers['host'] = host;
    request.headers['x-forwarded-host'] = host;
    request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
    void callback(request, response);
  };
}
