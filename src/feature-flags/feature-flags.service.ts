import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { OperatorChanges } from '../audit/operator-changes.js';
import { DatabaseDeadline } from '../database/deadline.js';
import { forUpdate } from '../database/for-update.js';
import {
  FEATURE_FLAGS,
  type FeatureFlagName,
  GLOBAL_REVOCATION_OPTIONS,
  type GlobalRevocationOptions,
} from '../global-revocation.options.js';
import { knownFeatureFlag } from './feature-flag.js';
import { FeatureFlag } from './feature-flag.entity.js';

/** Half of the second within which every node must follow a changed flag. */
const FRESH_MS = 500;

/** A flag as it stands. */
export interface FeatureFlagState {
  name: FeatureFlagName;
  enabled: boolean;
  /** Where the value comes from. */
  source: 'default' | 'configured' | 'stored';
}

/** The feature flags: on unless configured otherwise; a stored value wins; every node follows within a second. */
@Injectable()
export class FeatureFlags {
  private read?: { at: number; stored: Promise<ReadonlyMap<string, boolean>> };

  constructor(
    @InjectRepository(FeatureFlag) private readonly flags: Repository<FeatureFlag>,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: GlobalRevocationOptions,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
    @Inject(OperatorChanges) private readonly changes: OperatorChanges,
  ) {
    Object.keys(options.featureFlags ?? {}).forEach(knownFeatureFlag);
  }

  /** @throws RevocationError `unavailable` when the stored value cannot be read: unknown is not on */
  async isEnabled(name: FeatureFlagName): Promise<boolean> {
    return this.state(name, await this.fresh()).enabled;
  }

  /** All flags, read anew. */
  async list(): Promise<FeatureFlagState[]> {
    const stored = await this.stored();
    return FEATURE_FLAGS.map((name) => this.state(name, stored));
  }

  /**
   * Stores an override, and who did it in a {@link Change} record. Other nodes follow within a second.
   *
   * @param by who does it, at most 255 characters
   * @throws Error when the name is not a known flag; the message lists the known ones
   */
  async set(name: string, enabled: boolean, by: string): Promise<void> {
    const known = knownFeatureFlag(name);
    const row = { name: known, enabled: enabled ? 1 : 0, updatedAt: Date.now(), updatedBy: by };
    const action = enabled ? 'flag.enable' : 'flag.disable';
    await this.changes.make({ actor: by, action, target: known }, async (manager) => {
      const before = inWords(this.state(known, valuesOf(await manager.find(FeatureFlag, forUpdate(manager)))));
      await manager.upsert(FeatureFlag, row, ['name']);
      return { before, after: inWords({ name: known, enabled, source: 'stored' }) };
    });
    delete this.read;
  }

  private state(name: FeatureFlagName, stored: ReadonlyMap<string, boolean>): FeatureFlagState {
    const override = stored.get(name);
    if (override !== undefined) return { name, enabled: override, source: 'stored' };
    const configured = this.options.featureFlags?.[name];
    return configured === undefined
      ? { name, enabled: true, source: 'default' }
      : { name, enabled: configured, source: 'configured' };
  }

  /** One read serves all requests of the next {@link FRESH_MS}; a failed read serves nobody else. */
  private fresh(): Promise<ReadonlyMap<string, boolean>> {
    if (!this.read || Date.now() - this.read.at > FRESH_MS) {
      const read = { at: Date.now(), stored: this.stored() };
      read.stored.catch(() => this.read === read && delete this.read);
      this.read = read;
    }
    return this.read.stored;
  }

  private async stored(): Promise<ReadonlyMap<string, boolean>> {
    return valuesOf(await this.deadline.run(() => this.flags.find()));
  }
}

const valuesOf = (rows: readonly FeatureFlag[]) => new Map(rows.map((row) => [row.name, row.enabled === 1]));

const inWords = ({ enabled, source }: FeatureFlagState): string => `${enabled ? 'on' : 'off'} (${source})`;
