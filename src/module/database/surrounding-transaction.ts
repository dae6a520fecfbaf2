import { AsyncLocalStorage } from 'node:async_hooks';
import type { DataSource, EntityManager } from 'typeorm';

/** A transaction that has the only connection of a driver while it is open. */
export interface OpenTransaction {
  driver: unknown;
  isOpen: boolean;
}

const surrounding = new AsyncLocalStorage<{ transaction?: OpenTransaction | undefined }>();

/** A call inside an open transaction of the host, which has the only connection to the SQLite file. */
export class InsideTransaction extends Error {
  constructor() {
    super(
      'called inside an open transaction on SQLite, which has the only connection: ' +
        'call it before the transaction begins or after it has committed',
    );
  }
}

/** Marks what the caller does from here on as inside the transaction. */
export const enterTransaction = (transaction: OpenTransaction): void => surrounding.enterWith({ transaction });

/** @throws InsideTransaction at once, instead of waiting for a transaction that waits for this call */
export function expectOutside({ driver }: DataSource): void {
  const transaction = surrounding.getStore()?.transaction;
  if (transaction?.isOpen && transaction.driver === driver) throw new InsideTransaction();
}

/** Makes what a manager does in `transaction(work)` be inside of it, and nothing that its caller does beside it. */
export function containing<T extends EntityManager>(manager: T): T {
  const { transaction } = manager as { transaction: (...args: unknown[]) => Promise<unknown> };
  Reflect.set(manager, 'transaction', (...args: unknown[]) =>
    surrounding.run({ ...surrounding.getStore() }, () => transaction.apply(manager, args)),
  );
  return manager;
}
