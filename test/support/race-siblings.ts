import type Provider from 'oidc-provider';
import { runInEpochContext } from '../../src/module/oidc-provider/epoch-context.js';
import type { Kind } from './race-round.js';

/**
 * More codes or refresh tokens of the same sign-in. They are made as the provider makes them, out of one that is loaded and
 * inherits its epoch, and are as good as that one; asking a person for consent to each would take most of a round.
 */
export const siblings = (provider: Provider, kind: Kind, value: string, count: number): Promise<string[]> =>
  runInEpochContext(async () => {
    const Model = (
      kind.startsWith('code') ? provider.AuthorizationCode : provider.RefreshToken
    ) as Provider['RefreshToken'];
    const { jti: _, ...one } = (await Model.find(value))!;
    return Promise.all(Array.from({ length: count }, () => new Model(one as never).save()));
  });
