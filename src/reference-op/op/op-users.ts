import type { UserSource } from 'nestjs-global-revocation';
import { OpUser } from './op-user.entity.js';

/**
 * Maps subject identifiers to the people of the OP.
 *
 * @param issuer the host of `acct` URIs: `acct:alice@op.example.com` is the login name alice
 */
export const opUsers = (issuer: string): UserSource<OpUser> => ({
  entity: OpUser,
  subject: 'id',
  email: 'email',
  phone_number: 'phone',
  account: ({ user, host }) => (host === new URL(issuer).hostname ? { uid: user } : undefined),
  attributes: { uid: 'uid', username: 'uid', mail: 'email', email: 'email', department: 'department' },
  tenant: 'department',
  orderBy: 'uid',
});
