/**
 * Checks access tokens for an API. Works without Nest, TypeORM and a database.
 *
 * @module nestjs-global-revocation/resource-server
 */
export { type AccessToken, accessTokenOf, setAccessToken } from './access-token.js';
export { AccessTokenGuard } from './access-token.guard.js';
export {
  AccessTokenVerifier,
  createAccessTokenVerifier,
  type Rejection,
  rejectionOf,
} from './access-token-verifier.js';
export type { CurrentEpochs, IntrospectionOptions, ResourceServerOptions } from './options.js';
export { type ResourceServerAsyncOptions, ResourceServerModule } from './resource-server.module.js';
