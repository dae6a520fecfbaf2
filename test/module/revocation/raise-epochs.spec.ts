import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DataSource } from 'typeorm';
import { inTransaction } from '../../../src/module/index.js';
import { SubjectEpoch } from '../../../src/module/revocation/subject-epoch.entity.js';
import { SubjectEpochs, subjectKey } from '../../../src/module/revocation/subject-epochs.js';
import { dataSourceOptions, openDataSource } from '../../../src/reference-op/op/data-source.js';
import { openDatabase, type OpenDatabase } from '../database/open-database.js';
import { DatabaseDeadline } from '../../../src/module/database/deadline.js';
import { describeEachDatabase } from '../../support/databases.js';

/** What the connections of an application may be set to. */
const LEVELS = ['READ COMMITTED', 'REPEATABLE READ'] as const;

describeEachDatabase('raising the epochs of everybody', (database) => {
  const levels = database.name === 'sqlite' ? [undefined] : LEVELS;

  describe.each(levels)('with connections that are %s', (isolationLevel) => {
    let db: OpenDatabase;
    let dataSource: DataSource;
    let epochs: SubjectEpochs;
    let close: () => Promise<void>;

    beforeAll(async () => {
      db = await openDatabase(database);
      const options = { ...dataSourceOptions(db.url), ...(isolationLevel && { isolationLevel }) };
      dataSource = await openDataSource(options as typeof options & { type: 'postgres' });
      epochs = new SubjectEpochs(dataSource, new DatabaseDeadline(20_000));
      close = async () => {
        await dataSource.destroy();
        await db.close();
      };
    });
    afterAll(() => close());

    const raiseAll = (): Promise<number> =>
      inTransaction(dataSource, (manager) => epochs.raiseAll(manager), epochs.isolationToRaiseAll);

    test('raises those who signed in before, and gives later ones a number of their own', async () => {
      const before = await epochs.epochForSignIn('alice');
      await raiseAll();
      expect(await epochs.isCurrent('alice', before)).toBe(false);
      const after = await epochs.epochForSignIn('bob');
      expect(await epochs.isCurrent('bob', after)).toBe(true);
    });

    if (database.name === 'sqlite') return; // it has one writer at a time
    test('waits for a first sign-in that is adding its row, and raises it', async () => {
      const signIn = db.dataSource.createQueryRunner('master');
      await signIn.startTransaction();
      await signIn.manager.insert(SubjectEpoch, { subjectHash: subjectKey('new-person'), epoch: 5, previous: 0 });
      let isRaised = false;
      const raised = raiseAll().then(() => (isRaised = true));
      await sleep(300);
      expect(isRaised).toBe(false);
      await signIn.commitTransaction();
      await signIn.release();
      await raised;
      expect(await epochs.isCurrent('new-person', 5)).toBe(false);
    });
  });
});
