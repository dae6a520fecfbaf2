import type { EntityManager } from 'typeorm';
import type { FeatureFlagName } from '../options/endpoint.options.js';

/**
 * Port: where overrides of feature flags are stored for all nodes. Extend it and pass it as `featureFlagStore` to keep
 * them in a place of your own. It is asked at most twice a second, within the database deadline; while it throws, the
 * endpoint answers 503: unknown is not on.
 *
 * @publicApi
 */
export abstract class FeatureFlagStore {
  /** Stored values by name; a flag that is not in it has its configured value. */
  abstract read(): Promise<ReadonlyMap<string, boolean>>;

  /**
   * Stores a value; {@link read} on every node shows it from then on.
   *
   * @param by who does it, at most 255 characters
   * @param manager transaction of the record of this change: a store in the same database writes with it, so that there is
   *   both or none
   * @returns the value that was stored before; undefined when there was none
   */
  abstract write(
    name: FeatureFlagName,
    enabled: boolean,
    by: string,
    manager: EntityManager,
  ): Promise<boolean | undefined>;
}
