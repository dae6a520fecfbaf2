import type { Adapter, AdapterConstructor } from 'oidc-provider';

/** What the provider stored its records in before. */
export declare class PreviousAdapter implements InstanceType<AdapterConstructor> {
  constructor(model: string);
  upsert: Adapter['upsert'];
  find: Adapter['find'];
  findByUid: Adapter['findByUid'];
  findByUserCode: Adapter['findByUserCode'];
  consume: Adapter['consume'];
  destroy: Adapter['destroy'];
  revokeByGrantId: Adapter['revokeByGrantId'];
}
