import type { DataSource } from 'typeorm';
import type { CallerAssertion } from '../caller/caller.js';
import type { UsedAssertions } from '../caller/assertion/used-assertions.js';
import { inHastyTransaction, takeRows } from '../database/hasty-transaction.js';
import type { Outbox } from '../notifications/outbox.js';
import type { RevocationEvent } from '../options/revocation-listener.js';
import { epochsOf, timesOf } from './epoch-columns.js';
import { raiseEpochs } from './raise-epochs.js';
import { insertRevocations } from './revocation-insert.js';
import { subjectKey } from './subject-epochs.js';
import type { BegunTargets, RevocationTargets } from './targets/revocation-targets.js';

/** A revocation of one user that can share its transaction. */
export interface SharedRevocation {
  event: RevocationEvent;
  assertion?: CallerAssertion | undefined;
}

/** What is written besides. */
interface Steps {
  assertions: UsedAssertions;
  targets: RevocationTargets;
  outbox: Outbox;
}

/**
 * Writes revocations in one transaction, each table with one statement. Rows are locked in the same order as by a revocation
 * that is alone: assertions, then epochs, each sorted by key.
 *
 * @returns what has begun in the host's tables, by member
 * @throws Error of the driver; nothing is written then, unless the connection broke during the COMMIT
 */
export function writeTogether(
  dataSource: DataSource,
  { assertions, targets, outbox }: Steps,
  members: readonly SharedRevocation[],
): Promise<BegunTargets[]> {
  const keys = members.map(({ event }) => subjectKey(event.subject));
  const times = timesOf(keys);
  const used = members.flatMap(({ event, assertion }) => (assertion ? [[assertion, event.id] as const] : []));
  return inHastyTransaction(dataSource, async (manager) => {
    if (used.length > 0) await assertions.useTogether(manager, used);
    await takeRows(manager, 'gtr_subject_epoch', 'subject_hash', times.keys());
    await raiseEpochs(manager, times);
    const epochs = await epochsOf(manager, keys);
    const begun: BegunTargets[] = [];
    for (const { event } of members) begun.push(await targets.begin(manager, event));
    const { toNotify } = outbox;
    const rows = members.map(({ event }, i) => {
      return { event, subjectHash: keys[i]!, epochs: epochs[i]!, begun: begun[i]!, toNotify };
    });
    await insertRevocations(manager, rows);
    return begun;
  });
}
