import type { DataSource, QueryRunner } from 'typeorm';

const lostConnection = (): Error => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

/**
 * The connection breaks around the COMMIT of the next transactions: after it, or before.
 *
 * @returns how often it has broken so far
 */
export function breakCommits(dataSource: DataSource, when: 'before' | 'after', times: number): () => number {
  const create = dataSource.createQueryRunner.bind(dataSource);
  let broken = 0;
  dataSource.createQueryRunner = (mode): QueryRunner => {
    const runner = create(mode);
    const commit = runner.commitTransaction.bind(runner);
    runner.commitTransaction = async () => {
      if (broken === times) return commit();
      broken += 1;
      if (when === 'after') await commit();
      throw lostConnection();
    };
    return runner;
  };
  return () => broken;
}
