/**
 * The OpenID Provider without settings and demo, for the test kit.
 *
 * @module nestjs-global-revocation-reference-op/op
 */
export { dataSourceOptions, openDataSource } from './data-source.js';
export { generateKeys } from './generated-keys.js';
export { mountProvider } from './mount.js';
export { OIDC_PROVIDER } from './op.options.js';
export { OpModule } from './op.module.js';
export { OpUser } from './op-user.entity.js';
export { opUsers } from './op-users.js';
export { hashPassword } from './passwords.js';
export { ROUTES } from './routes.js';
