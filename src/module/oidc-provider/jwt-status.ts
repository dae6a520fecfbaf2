import type { Configuration } from 'oidc-provider';
import type { StatusLists } from '../status-list/status-lists.js';
import { epochToInherit } from './epoch-context.js';
import { orUnavailable } from './unavailable.js';

type Formats = NonNullable<Configuration['formats']>;

const withStatus = new WeakSet<object>();

/** Whether a JWT access token refers to a status list, so that a revocation ends it. */
export const hasStatus = (token: object): boolean => withStatus.has(token);

/**
 * Adds the claim `status` to JWT access tokens. A person's token gets the index of the epoch that it inherits (R6), also while the
 * user is being revoked. With pairwise subjects, each `sub` has its own index for each audience.
 */
export const statusInJwts = (lists: StatusLists, lifetimeSeconds: number | undefined): Formats => ({
  customizers: {
    async jwt(_ctx, token, { payload }) {
      const { sub, aud, iat, exp } = payload as { sub: string; aud: string; iat: number; exp: number };
      if (lifetimeSeconds !== undefined && exp - iat > lifetimeSeconds) {
        const finding = `a JWT access token lives ${exp - iat} s, longer than the status list that it refers to`;
        throw new Error(`OidcRevocation: ${finding}: raise \`statusLists.tokenLifetimeSeconds\``);
      }
      const accountId = 'accountId' in token ? token.accountId : undefined;
      const audience = sub === accountId ? {} : { audience: `${sub} ${aud}` };
      payload['status'] = await orUnavailable(
        accountId === undefined
          ? lists.referenceForClient(token.clientId!)
          : lists.referenceFor(accountId, epochToInherit(accountId), audience),
      );
      withStatus.add(token);
    },
  },
});
