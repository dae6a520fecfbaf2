import { onPrimary } from '../../../src/module/database/primary.js';
import { subjectKey } from '../../../src/module/revocation/subject-epochs.js';
import { rowsOf } from '../../../src/module/database/statement.js';
import { COUNT_LIVE } from '../../../src/module/oidc-provider/record-statements.js';
import { revoke } from '../../support/operator.js';
import { startServer, type TestServer } from '../../support/server.js';
import { type Holder, makeHolder } from '../holders.js';
import type { OpenPeer } from './peer.js';

/** This module. Its rows stay: the next round revokes the same user again, who still owns all of them. */
export const ours: OpenPeer = async (database) => {
  const server = await startServer(database);
  const holders = new Map<number, Holder>();
  let holder: Holder;
  return {
    credentials: 'tokens',
    async fill(count) {
      holder = holders.get(count) ?? (await makeHolder(server, count));
      holders.set(count, holder);
    },
    end: () => endAll(server, holder.uid),
    async survivors() {
      const parameters = [subjectKey(holder.uid), Date.now()];
      const counts = await onPrimary(server.dataSource, (manager) =>
        rowsOf<{ number: string | number }>(manager, COUNT_LIVE, parameters),
      );
      return counts.reduce((sum, { number }) => sum + Number(number), 0);
    },
    close: () => server.stop(),
  };
};

/** Sends the request of an operator. @throws Error when the answer is not 204 */
export async function endAll(server: Pick<TestServer, 'endpoint'>, uid: string): Promise<void> {
  const { status } = await revoke(server, { format: 'uid', id: uid });
  if (status !== 204) throw new Error(`not revoked: ${status}`);
}
