import type { ModuleRef } from '@nestjs/core';
import { TypeOrmClientRegistry } from '../../../src/module/caller/clients/typeorm-client-registry.js';
import { UsedAssertions } from '../../../src/module/caller/assertion/used-assertions.js';
import { AuditEvents } from '../../../src/module/audit/audit-events.js';
import { DatabaseDeadline } from '../../../src/module/database/deadline.js';
import { type OidcAdapters, oidcAdapters } from '../../../src/module/oidc-provider/oidc-adapters.js';
import type { PreviousAdapter } from '../../../src/module/oidc-provider/previous-adapter.js';
import { resolveOptions } from '../../../src/module/options/global-revocation.options.js';
import { Outbox } from '../../../src/module/notifications/outbox.js';
import { RevocationListeners } from '../../../src/module/revocation/revocation-listeners.js';
import { RevocationService } from '../../../src/module/revocation/revocation.service.js';
import { RevocationTargets } from '../../../src/module/revocation/targets/revocation-targets.js';
import { SubjectEpochs } from '../../../src/module/revocation/subject-epochs.js';
import { dataSourceOptions, openDataSource } from '../../../src/reference-op/op/data-source.js';
import type { DataSource } from 'typeorm';
import { onTestFinished } from 'vitest';
import type { TestDatabase } from '../../support/databases.js';
import { fixture } from '../../support/fixture.js';

/** A migrated, empty database without a server around it, and what works on it. */
export interface OpenDatabase {
  /** `DATABASE_URL` of it. */
  url: string;
  dataSource: DataSource;
  deadline: DatabaseDeadline;
  epochs: SubjectEpochs;
  revocations: RevocationService;
  adapters: OidcAdapters;
  /** Those of another node, which may have a previous adapter. */
  node(previousAdapter?: PreviousAdapter): OidcAdapters;
  /** Ends everything a person has, as the host would in process. */
  revoke(subject: string): Promise<string>;
  close(): Promise<void>;
}

export async function openDatabase(database: TestDatabase): Promise<OpenDatabase> {
  const { url, drop } = await database.create();
  const dataSource = await openDataSource(dataSourceOptions(url));
  const deadline = new DatabaseDeadline(20_000);
  const epochs = new SubjectEpochs(dataSource, deadline);
  const assertions = new UsedAssertions(dataSource, deadline);
  const targets = new RevocationTargets(dataSource, { targets: [] });
  const listeners = new RevocationListeners({ listeners: [] }, {} as ModuleRef, new AuditEvents());
  const outbox = new Outbox(dataSource, resolveOptions({ issuer: 'https://op.example.com' }));
  const revocations = new RevocationService(dataSource, epochs, deadline, assertions, targets, listeners, outbox);
  const clients = new TypeOrmClientRegistry(dataSource);
  const storageKey = new Uint8Array(32).fill(7);
  const node = (previousAdapter?: PreviousAdapter): OidcAdapters =>
    oidcAdapters({ dataSource, deadline, clients, storageKey, previousAdapter });
  return {
    url,
    dataSource,
    deadline,
    epochs,
    revocations,
    adapters: node(),
    node,
    revoke: (subject) => revocations.revoke(subject, { actor: 'test' }),
    async close() {
      await dataSource.destroy();
      await drop();
    },
  };
}

/** {@link openDatabase} for the tests of this file or `describe`; see {@link fixture}. */
export const databaseFixture = (database: TestDatabase): OpenDatabase =>
  fixture(
    () => openDatabase(database),
    (db) => db.close(),
  );

/** {@link openDatabase} for this test. */
export async function openForTest(database: TestDatabase): Promise<OpenDatabase> {
  const db = await openDatabase(database);
  onTestFinished(() => db.close());
  return db;
}
