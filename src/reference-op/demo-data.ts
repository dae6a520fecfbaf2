import { GLOBAL_REVOCATION_SCOPE } from 'nestjs-global-revocation';

/** Published on purpose, and rejected in production. Secrets have 256 bits, as real ones must. */

export const demoPeople = [
  {
    id: '5a1c0a3e-0000-4000-8000-00000000a11c',
    uid: 'alice',
    email: 'alice@example.com',
    phone: '+12065550100',
    name: 'Alice Liddell',
    department: 'wonderland',
    password: 'alice-down-the-rabbit-hole',
  },
  {
    id: '5a1c0a3e-0000-4000-8000-000000000b0b',
    uid: 'bob',
    email: 'bob@example.com',
    phone: '+12065550101',
    name: 'Bob Cratchit',
    department: 'kitchen',
    password: 'bob-counts-the-coal',
  },
  {
    id: '5a1c0a3e-0000-4000-8000-0000b4ea4fa5',
    uid: 'breakfast',
    email: 'breakfast@example.com',
    phone: '+12065550102',
    name: 'Ford Breakfast',
    department: 'kitchen',
    password: 'breakfast-is-at-eight',
  },
] as const;

const callback = 'http://localhost:3001/callback';
const personal = 'openid offline_access profile email phone';

export const demoClients = [
  {
    clientId: 'demo-app',
    secret: 'demo-app-7c1f0c3be2a94d6f8a5b1e0d9c8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f',
    use: 'authorization code with PKCE, refresh tokens, introspection',
    scope: personal,
    metadata: {
      client_name: 'Demo App',
      redirect_uris: [callback],
      post_logout_redirect_uris: ['http://localhost:3001/'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    },
  },
  {
    clientId: 'demo-device',
    secret: 'demo-device-0e4b5d6c7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7081920',
    use: 'device flow, refresh tokens',
    scope: personal,
    metadata: {
      client_name: 'Demo Device',
      redirect_uris: [],
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
      response_types: [],
    },
  },
  {
    clientId: 'demo-operator',
    secret: 'demo-operator-9b8a7c6d5e4f30211203f4e5d6c7b8a99b8a7c6d5e4f30211203f4e5d6c7b8a9',
    use: `may revoke: client credentials, scope ${GLOBAL_REVOCATION_SCOPE}`,
    scope: GLOBAL_REVOCATION_SCOPE,
    metadata: {
      client_name: 'Demo Operator',
      redirect_uris: [],
      grant_types: ['client_credentials'],
      response_types: [],
    },
  },
  {
    clientId: 'demo-noscope',
    secret: 'demo-noscope-1f2e3d4c5b6a79880897a6b5c4d3e2f11f2e3d4c5b6a79880897a6b5c4d3e2f1',
    use: 'client credentials without that scope: may not revoke',
    scope: 'openid',
    metadata: {
      client_name: 'Demo Without Scope',
      redirect_uris: [],
      grant_types: ['client_credentials'],
      response_types: [],
    },
  },
] as const;

/** Returns the host name of an issuer, an IPv6 address without brackets. */
export const hostOf = (issuer: string): string => new URL(issuer).hostname.replace(/^\[(.*)\]$/, '$1');

/** Path of the demo page, without leading slash. */
export const DEMO_PATH = 'demo';

/** Path of the API of the demo page, which takes JWTs. */
export const DEMO_API_PATH = 'demo/api';

/** Path of the second application of the demo, which has sessions of its own. */
export const DEMO_SHOP_PATH = 'demo/shop';

/** Returns the client of the second application, which is told by back-channel logout. */
export const demoShopClient = (issuer: string) => ({
  clientId: 'demo-shop',
  secret: 'demo-shop-6a2b4c8d0e1f3a5b7c9d2e4f6a8b0c1d3e5f7a9b1c2d4e6f8a0b3c5d7e9f1a2b',
  scope: 'openid profile',
  metadata: {
    client_name: 'Demo Shop',
    redirect_uris: [`${issuer}/${DEMO_SHOP_PATH}/callback`],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    backchannel_logout_uri: `${issuer}/${DEMO_SHOP_PATH}/backchannel-logout`,
  },
});

/** Returns the client of the demo page, whose URLs are at the issuer. */
export const demoPageClient = (issuer: string) => ({
  clientId: 'demo-page',
  secret: 'demo-page-3d5c7b9a1f2e4d6c8b0a9f8e7d6c5b4a3d5c7b9a1f2e4d6c8b0a9f8e7d6c5b4a',
  scope: personal,
  metadata: {
    client_name: 'Demo Page',
    redirect_uris: [`${issuer}/${DEMO_PATH}/callback`],
    post_logout_redirect_uris: [`${issuer}/${DEMO_PATH}`],
    grant_types: ['authorization_code', 'refresh_token'],
    // `none` only asks whether a person is signed in and issues nothing. OAuth 2.0 Multiple Response Types §4
    response_types: ['code', 'none'],
  },
});
