import type { DataSource, QueryRunner } from 'typeorm';

const lostConnection = (): Error => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

/** The connection breaks around the COMMIT of the next transactions: after it, or before. @returns how often it did */
export function breakCommits(dataSource: DataSource, when: 'before' | 'after', times: number): () => number {
  let broken = 0;
  onCommit(dataSource, async (commit) => {
    if (broken === times) return commit();
    broken += 1;
    if (when === 'after') await commit();
    throw lostConnection();
  });
  return () => broken;
}

/** Puts `around` around the COMMIT of every transaction from now on. */
export function onCommit(dataSource: DataSource, around: (commit: () => Promise<void>) => Promise<void>): void {
  const create = dataSource.createQueryRunner.bind(dataSource);
  dataSource.createQueryRunner = (mode): QueryRunner => {
    const runner = create(mode);
    const commit = runner.commitTransaction.bind(runner);
    runner.commitTransaction = () => around(commit);
    return runner;
  };
}
