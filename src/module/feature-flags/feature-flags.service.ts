import { Inject, Injectable } from '@nestjs/common';
import { OperatorChanges } from '../audit/operator-changes.js';
import { DatabaseDeadline } from '../database/deadline.js';
import { FEATURE_FLAGS, type FeatureFlagName } from '../options/endpoint.options.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { FeatureFlagStore } from './feature-flag.store.js';

/** Half of the second within which every node must apply a change. */
const FRESH_MS = 500;

/** State of a flag. @publicApi */
export interface FeatureFlagState {
  /** Name of the flag. */
  name: FeatureFlagName;
  /** Whether it is on. */
  enabled: boolean;
  /** Origin of the value. */
  source: 'default' | 'configured' | 'stored';
}

/**
 * Feature flags. A stored value overrides the configuration. Every node applies a change within a second.
 *
 * @publicApi
 */
@Injectable()
export class FeatureFlags {
  private read?: { at: number; stored: Promise<ReadonlyMap<string, boolean>> };

  constructor(
    @Inject(FeatureFlagStore) private readonly store: FeatureFlagStore,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: Pick<ResolvedOptions, 'featureFlags'>,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
    @Inject(OperatorChanges) private readonly changes: OperatorChanges,
  ) {}

  /**
   * Returns whether a flag is on, at most half a second old.
   *
   * @throws RevocationError `unavailable` if the stored value cannot be read
   */
  async isEnabled(name: FeatureFlagName): Promise<boolean> {
    return this.state(name, (await this.fresh()).get(name)).enabled;
  }

  /** Reads all flags. @throws RevocationError `unavailable` if the stored values cannot be read */
  async list(): Promise<FeatureFlagState[]> {
    const stored = await this.stored();
    return FEATURE_FLAGS.map((name) => this.state(name, stored.get(name)));
  }

  /**
   * Stores an override and a change record (`gtr_change`). Other nodes apply it within a second.
   *
   * @param by who changes it, at most 255 characters
   * @throws Error if the flag is unknown; the message lists the known ones
   * @throws RevocationError `unavailable` if it cannot be stored
   */
  async set(name: string, enabled: boolean, by: string): Promise<void> {
    const known = knownFeatureFlag(name);
    const action = enabled ? 'flag.enable' : 'flag.disable';
    await this.changes.make({ actor: by, action, target: known }, async (manager) => {
      const before = await this.store.write(known, enabled, by, manager);
      return { before: inWords(this.state(known, before)), after: inWords(this.state(known, enabled)) };
    });
    delete this.read;
  }

  private state(name: FeatureFlagName, override: boolean | undefined): FeatureFlagState {
    if (override !== undefined) return { name, enabled: override, source: 'stored' };
    const configured = this.options.featureFlags[name];
    return configured === undefined
      ? { name, enabled: name === 'GLOBAL_TOKEN_REVOCATION', source: 'default' }
      : { name, enabled: configured, source: 'configured' };
  }

  /** Shares one read among all requests of the next {@link FRESH_MS}; a failed read is not reused. */
  private fresh(): Promise<ReadonlyMap<string, boolean>> {
    if (!this.read || performance.now() - this.read.at > FRESH_MS) {
      const read = { at: performance.now(), stored: this.stored() };
      read.stored.catch(() => this.read === read && delete this.read);
      this.read = read;
    }
    return this.read.stored;
  }

  private stored(): Promise<ReadonlyMap<string, boolean>> {
    return this.deadline.run(() => this.store.read());
  }
}

/** @throws Error that lists the known names */
function knownFeatureFlag(name: string): FeatureFlagName {
  const known = FEATURE_FLAGS.find((flag) => flag === name);
  if (!known) throw new Error(`unknown feature flag '${name}'; known: ${FEATURE_FLAGS.join(', ')}`);
  return known;
}

const inWords = ({ enabled, source }: FeatureFlagState): string => `${enabled ? 'on' : 'off'} (${source})`;
