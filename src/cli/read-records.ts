import type { DataSource, EntityManager } from 'typeorm';
import { DatabaseDeadline, onPrimary, REVOCATION_DATA_SOURCE } from 'nestjs-global-revocation';
import type { HostApp } from './host-app.js';

/** Reads from the primary, within the database deadline. @throws RevocationError `unavailable` */
export async function readRecords<T>(host: HostApp, query: (manager: EntityManager) => Promise<T>): Promise<T> {
  const dataSource = await host.get<DataSource>(REVOCATION_DATA_SOURCE);
  return (await host.get(DatabaseDeadline)).run(() => onPrimary(dataSource, query));
}
