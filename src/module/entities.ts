import type { Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import { Participant } from './backchannel-logout/participant.entity.js';
import { Change } from './audit/change.entity.js';
import { Client } from './caller/clients/client.entity.js';
import { UsedAssertion } from './caller/assertion/used-assertion.entity.js';
import { FeatureFlag } from './feature-flags/feature-flag.entity.js';
import { CreateCoreTables1 } from './migrations/core/1-create-core-tables.js';
import { EndedSession } from './inbound-logout/ended-session.entity.js';
import { Delivery } from './notifications/delivery.entity.js';
import { OutboxEntry } from './notifications/outbox-entry.entity.js';
import { Revocation } from './revocation/revocation.entity.js';
import { RealmEpoch } from './revocation/realm-epoch.entity.js';
import { SubjectEpoch } from './revocation/subject-epoch.entity.js';
import { StoredIssuer } from './startup/issuer.entity.js';
import { StatusIndex } from './status-list/status-index.entity.js';
import { StatusList } from './status-list/status-list.entity.js';

/** Entities of {@link GlobalRevocationModule}, for the host's `DataSource`. @publicApi */
export const coreEntities: Type[] = [
  ...[Client, FeatureFlag, SubjectEpoch, RealmEpoch, Revocation, UsedAssertion, Change],
  ...[OutboxEntry, Delivery, Participant],
  ...[StatusList, StatusIndex],
  ...[EndedSession, StoredIssuer],
];

/**
 * Migrations that create the tables of {@link coreEntities}. TypeORM runs them and the host's own in the order of their
 * timestamps.
 *
 * @publicApi
 */
export const coreMigrations: Array<Type<MigrationInterface>> = [CreateCoreTables1];
