import type { EntityManager } from 'typeorm';
import type { FeatureFlagName } from '../options/endpoint.options.js';

/**
 * Port: stores overrides of feature flags for all nodes. To use your own storage, extend this class and pass it as
 * `featureFlagStore`. It is read at most twice a second, within the database deadline; while it throws, the endpoint
 * answers 503.
 *
 * @publicApi
 */
export abstract class FeatureFlagStore {
  /** Returns the stored values by name. Flags without a stored value have their configured value. */
  abstract read(): Promise<ReadonlyMap<string, boolean>>;

  /**
   * Stores a value. {@link read} returns it on every node from then on.
   *
   * @param by who changes it, at most 255 characters
   * @param manager transaction of the change record. If the store uses the same database, write with it, so that both
   *   are committed or neither
   * @returns the previously stored value, or undefined
   */
  abstract write(
    name: FeatureFlagName,
    enabled: boolean,
    by: string,
    manager: EntityManager,
  ): Promise<boolean | undefined>;
}
