import type { DataSource } from 'typeorm';
import { onPrimary } from './primary.js';

/** No row has this key. A read-only server refuses the statement before it looks for one. */
const WRITE_NOTHING = `UPDATE gtr_subject_epoch SET epoch = epoch WHERE subject_hash = ''`;

/** Writes nothing, where revocations are written. @throws Error of the driver when that is not possible */
export async function probeWrite(dataSource: DataSource): Promise<void> {
  await onPrimary(dataSource, (manager) => manager.query(WRITE_NOTHING));
}
