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

/** The connection breaks before the answer to the next statement that contains `part`. @returns how often it did */
export function loseAnswer(dataSource: DataSource, part: string): () => number {
  const create = dataSource.createQueryRunner.bind(dataSource);
  let lost = 0;
  dataSource.createQueryRunner = (mode): QueryRunner => {
    const runner = create(mode);
    const query = runner.query.bind(runner) as (...call: unknown[]) => Promise<unknown>;
    runner.query = (async (...call: unknown[]) => {
      const answer = await query(...call);
      if (lost > 0 || !String(call[0]).includes(part)) return answer;
      lost += 1;
      throw lostConnection();
    }) as QueryRunner['query'];
    return runner;
  };
  return () => lost;
}
