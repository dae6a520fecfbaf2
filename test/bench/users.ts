import type { DataSource } from 'typeorm';
import { OpUser } from '../../src/reference-op/op/op-user.entity.js';
import { Revocation } from '../../src/module/revocation/revocation.entity.js';

const BATCH = 500;

/** A user of the bench, who cannot sign in. */
export const benchUser = (uid: string): OpUser => ({
  id: uid,
  uid,
  email: `${uid}@example.com`,
  phone: '+12065550199',
  name: uid,
  department: 'bench',
  passwordHash: 'cannot sign in',
  demo: 1,
});

export async function makeUsers(dataSource: DataSource, uids: string[]): Promise<DataSource> {
  for (let at = 0; at < uids.length; at += BATCH) {
    await dataSource.getRepository(OpUser).insert(uids.slice(at, at + BATCH).map(benchUser));
  }
  return dataSource;
}

/** How many revocations are on record; closes the data source. */
export async function recordsIn(dataSource: DataSource): Promise<number> {
  const records = await dataSource.getRepository(Revocation).count();
  await dataSource.destroy();
  return records;
}
