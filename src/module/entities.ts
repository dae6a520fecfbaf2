import type { Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import { Change } from './audit/change.entity.js';
import { Client } from './caller/clients/client.entity.js';
import { UsedAssertion } from './caller/assertion/used-assertion.entity.js';
import { FeatureFlag } from './feature-flags/feature-flag.entity.js';
import { CreateCoreTables1 } from './migrations/core/1-create-core-tables.js';
import { ClientRotation2 } from './migrations/core/2-client-rotation.js';
import { AddTargetColumns3 } from './migrations/core/3-add-target-columns.js';
import { CreateAssertion4 } from './migrations/core/4-create-assertion.js';
import { AddAuditColumns5 } from './migrations/core/5-add-audit-columns.js';
import { CreateChange6 } from './migrations/core/6-create-change.js';
import { Revocation } from './revocation/revocation.entity.js';
import { SubjectEpoch } from './revocation/subject-epoch.entity.js';

/** Entities of {@link GlobalRevocationModule}, for the host's `DataSource`. */
export const coreEntities: Type[] = [Client, FeatureFlag, SubjectEpoch, Revocation, UsedAssertion, Change];

/**
 * Migrations that make the tables of {@link coreEntities}. They run beside the host's own, in the order of their timestamps, as
 * TypeORM has it.
 */
export const coreMigrations: Array<Type<MigrationInterface>> = [
  CreateCoreTables1,
  ClientRotation2,
  AddTargetColumns3,
  CreateAssertion4,
  AddAuditColumns5,
  CreateChange6,
];
