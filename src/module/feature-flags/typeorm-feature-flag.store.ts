import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { forUpdate } from '../database/sql-dialect.js';
import { onPrimary } from '../database/primary.js';
import { recordedTexts } from '../database/recorded-text.js';
import type { FeatureFlagName } from '../options/endpoint.options.js';
import { FeatureFlag } from './feature-flag.entity.js';
import { FeatureFlagStore } from './feature-flag.store.js';

/** Stores overrides in the {@link FeatureFlag} entity. @publicApi */
@Injectable()
export class TypeOrmFeatureFlagStore extends FeatureFlagStore {
  constructor(@Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource) {
    super();
  }

  async read(): Promise<ReadonlyMap<string, boolean>> {
    const rows = await onPrimary(this.dataSource, (manager) => manager.find(FeatureFlag));
    return new Map(rows.map((row) => [row.name, row.enabled === 1]));
  }

  async write(
    name: FeatureFlagName,
    enabled: boolean,
    by: string,
    manager: EntityManager,
  ): Promise<boolean | undefined> {
    const before = await manager.findOne(FeatureFlag, { where: { name }, ...forUpdate(manager) });
    const said = recordedTexts(this.dataSource.getMetadata(FeatureFlag), { updatedBy: by });
    const row = { name, enabled: enabled ? 1 : 0, updatedAt: Date.now(), ...said };
    await manager.upsert(FeatureFlag, row, ['name']);
    return before ? before.enabled === 1 : undefined;
  }
}
