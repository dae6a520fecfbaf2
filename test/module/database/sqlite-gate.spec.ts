import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { beforeEach, describe, expect, test } from 'vitest';
import { gateSqlite } from '../../../src/module/database/sqlite-gate.js';
import { databases } from '../../support/databases.js';
import { within } from '../../support/within.js';
import { openForTest, type OpenDatabase } from './open-database.js';

const sqlite = databases.find(({ name }) => name === 'sqlite')!;

describe('transactions on one SQLite file', () => {
  let db: OpenDatabase;
  let dataSource: DataSource;

  beforeEach(async () => {
    db = await openForTest(sqlite);
    dataSource = db.dataSource;
    await dataSource.query('CREATE TABLE note (text varchar PRIMARY KEY)');
  });

  const INSERT = 'INSERT INTO note (text) VALUES (?)';
  const notes = async (): Promise<string[]> =>
    (await dataSource.query<Array<{ text: string }>>('SELECT text FROM note ORDER BY text')).map(({ text }) => text);
  const names = (kind: string, count: number): string[] =>
    Array.from({ length: count }, (_, n) => `${kind} ${String(n).padStart(2, '0')}`);

  /** Two inserts with time for others in between; a bad one throws at its end. */
  const transaction = (name: string, isBad: boolean): Promise<void> =>
    dataSource.transaction(async (manager) => {
      await manager.query(INSERT, [`${name} a`]);
      await sleep(Math.random() * 3);
      await manager.query(INSERT, [`${name} b`]);
      if (isBad) throw new Error('bad');
    });

  /** What somebody else holds up would never come. */
  const soon = (work: Promise<void>): Promise<void> => within(10_000, work);

  test('50 transactions at once with failures and single inserts succeed or fail independently', async () => {
    const all = names('t', 50).map((name, n) => ({ name, isBad: n % 3 === 0 }));
    const lone = names('lone', 50);
    const work = all.flatMap(({ name, isBad }, n) => [transaction(name, isBad), dataSource.query(INSERT, [lone[n]])]);
    const outcomes = await Promise.allSettled(work);

    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(17);
    const good = all.filter(({ isBad }) => !isBad).flatMap(({ name }) => [`${name} a`, `${name} b`]);
    expect(await notes()).toEqual([...lone, ...good].toSorted());
  });

  test('a failing statement rolls back only its own transaction', async () => {
    const twice = dataSource.transaction(async (manager) => {
      await manager.query(INSERT, ['twice']);
      await manager.query(INSERT, ['twice']);
    });
    const beside = dataSource.query(INSERT, ['beside']);
    await expect(twice).rejects.toThrow(/UNIQUE/);
    await beside;
    expect(await notes()).toEqual(['beside']);
  });

  test('a read waits for the open transaction and never sees uncommitted rows', async () => {
    let isOpen = true;
    const writing = dataSource.transaction(async (manager) => {
      await manager.query(INSERT, ['one']);
      await sleep(50);
      isOpen = false;
      throw new Error('bad');
    });
    await sleep(10);
    const seen = await notes();
    expect({ seen, isOpen }).toEqual({ seen: [], isOpen: false });
    await expect(writing).rejects.toThrow('bad');
  });

  test('releasing a runner within a transaction rolls it back and frees the connection', async () => {
    for (const round of names('round', 5)) {
      const runner = dataSource.createQueryRunner();
      await runner.startTransaction();
      await runner.query(INSERT, [`${round} left`]);
      await runner.release();
      await soon(transaction(round, false));
    }
    expect(await notes()).toEqual(names('round', 5).flatMap((round) => [`${round} a`, `${round} b`]));
  });

  test('a failing nested transaction rolls back only its own part', async () => {
    await dataSource.transaction(async (outer) => {
      await outer.query(INSERT, ['outer']);
      await outer.transaction((inner) => inner.query(INSERT, ['inner good']));
      const bad = outer.transaction(async (inner) => {
        await inner.query(INSERT, ['inner bad']);
        throw new Error('bad');
      });
      await expect(bad).rejects.toThrow('bad');
    });
    await dataSource.query(INSERT, ['after']);
    expect(await notes()).toEqual(['after', 'inner good', 'outer']);
  });

  test('waiting statements and transactions run in order of arrival', async () => {
    const order: string[] = [];
    await Promise.all(
      names('t', 10).map(async (name, n) => {
        await (n % 2 === 0 ? transaction(name, false) : dataSource.query(INSERT, [name]));
        order.push(name);
      }),
    );
    expect(order).toEqual(names('t', 10));
  });

  test('a failing COMMIT leaves no transaction open', async () => {
    await dataSource.query('CREATE TABLE child (text varchar REFERENCES note(text) DEFERRABLE INITIALLY DEFERRED)');
    const orphan = dataSource.transaction((manager) => manager.query("INSERT INTO child (text) VALUES ('nobody')"));
    await expect(orphan).rejects.toThrow(/FOREIGN KEY/);
    await transaction('next', false);
    expect(await notes()).toEqual(['next a', 'next b']);
    expect(await dataSource.query('SELECT text FROM child')).toEqual([]);
  });

  test('closing waits for the open transaction and leaves no lock behind', async () => {
    const other = new DataSource(dataSource.options);
    await gateSqlite(other).initialize();
    let go!: () => void;
    const waiting = new Promise<void>((resolve) => (go = resolve));
    const open = dataSource.transaction(async (manager) => {
      await manager.query(INSERT, ['open']);
      await waiting;
    });
    await sleep(20);
    const closed = dataSource.destroy();
    go();
    await Promise.all([open, closed]);
    await other.query(INSERT, ['other']);
    expect(await other.query('SELECT text FROM note ORDER BY text')).toEqual([{ text: 'open' }, { text: 'other' }]);
    await dataSource.initialize(); // afterEach closes it once more
    await other.destroy();
  });

  test.each(['a lone statement', 'a transaction'])(
    '%s that finds the file locked does not block later work',
    async (kind) => {
      const other = new DataSource(dataSource.options);
      await gateSqlite(other).initialize();
      await dataSource.query(INSERT, ['first']);
      const DELETE = `DELETE FROM note WHERE text = 'only once ${kind}'`; // not run again, so nothing else ends it
      await other.transaction(async (manager) => {
        await manager.query(INSERT, ['other']);
        const found =
          kind === 'a transaction' ? dataSource.transaction((m) => m.query(DELETE)) : dataSource.query(DELETE);
        await expect(found).rejects.toMatchObject({ code: expect.stringMatching(/^SQLITE_BUSY/) as string });
      });
      await other.query(INSERT, ['more']);
      await dataSource.query(INSERT, ['second']);
      await transaction('third', false);
      expect(await notes()).toEqual(['first', 'more', 'other', 'second', 'third a', 'third b']);
      await other.destroy();
    },
  );

  test('a call after the file was closed fails, and the process continues', async () => {
    await dataSource.destroy();
    const runner = dataSource.createQueryRunner('master');
    await expect(runner.query('SELECT 1')).rejects.toThrow('the SQLite file is closed');
    await expect(runner.startTransaction()).rejects.toThrow('the SQLite file is closed');
    await dataSource.initialize();
    expect(await notes()).toEqual([]);
  });

  test('a second call of gateSqlite changes nothing', () => {
    const gated = Reflect.get(dataSource.driver, 'createQueryRunner') as unknown;
    expect(gateSqlite(dataSource)).toBe(dataSource);
    expect(Reflect.get(dataSource.driver, 'createQueryRunner')).toBe(gated);
  });
});
