import { DataSource, type DataSourceOptions } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SubjectEpochs } from '../../../src/module/index.js';
import { RevocationTargets } from '../../../src/module/revocation/targets/revocation-targets.js';
import { describeEachDatabase } from '../../support/databases.js';
import { EpochToken, epochTokens } from './host-tables.js';
import { TargetHost, times } from './target-host.js';

const UNTIL_REVOKED = { withoutEpoch: 'until-revoked' } as const;
const WITHOUT = [null, undefined, 0, '0'];

describeEachDatabase('a credential without an epoch', (database) => {
  let host: TargetHost;
  let epochs: SubjectEpochs;
  let nth = 0;

  beforeAll(async () => {
    host = await TargetHost.start(database, [{ ...epochTokens, ...UNTIL_REVOKED }]);
    epochs = host.app.get(SubjectEpochs);
  });
  afterAll(() => host.stop());

  const someone = (): string => `person-${(nth += 1)}`;
  const live = (subject: string): Promise<boolean[]> =>
    Promise.all(WITHOUT.map((epoch) => epochs.isCurrent(subject, epoch, UNTIL_REVOKED)));
  const all = (isLive: boolean): boolean[] => WITHOUT.map(() => isLive);

  test('is live before and after the first sign-in, but not by default', async () => {
    const alice = someone();
    expect(await live(alice)).toEqual(all(true));
    const epoch = await epochs.epochForSignIn(alice);
    expect(await live(alice)).toEqual(all(true));
    for (const none of WITHOUT) expect(await epochs.isCurrent(alice, none)).toBe(false);
    expect(await epochs.isCurrent(alice, epoch, UNTIL_REVOKED)).toBe(true);
    expect(await epochs.isCurrent(alice, epoch - 1, UNTIL_REVOKED)).toBe(false);
  });

  test('a revocation that creates the row ends it, and so does one after a sign-in, for good', async () => {
    const [alice, bob, carol] = [someone(), someone(), someone()];
    await epochs.epochForSignIn(bob);
    for (const subject of [alice, bob]) {
      await host.revoke(subject);
      expect(await live(subject)).toEqual(all(false));
      const epoch = await epochs.epochForSignIn(subject);
      expect(await live(subject)).toEqual(all(false));
      expect(await epochs.isCurrent(subject, epoch, UNTIL_REVOKED)).toBe(true);
    }
    expect(await live(carol)).toEqual(all(true));
  });

  test('sign-ins at the same time as the first revocation do not bring it back', async () => {
    const people = times(8, someone);
    await Promise.all(
      people.map(async (subject) => {
        const signIns = times(3, () => epochs.epochForSignIn(subject));
        await host.revoke(subject);
        expect(await live(subject)).toEqual(all(false));
        await Promise.all(signIns);
      }),
    );
    for (const subject of people) expect(await live(subject)).toEqual(all(false));
  });

  test('a target counts rows while they are live, and sweeps exactly those of the revoked user', async () => {
    const [alice, bob] = [someone(), someone()];
    const row = (userId: string, epoch: string | null) => ({ userId, epoch });
    const fresh = String(await epochs.epochForSignIn(alice));
    const rows = [row(alice, null), row(alice, '0'), row(alice, fresh), row(alice, '5'), row(bob, null), row(bob, '0')];
    await host.insert(EpochToken, rows);
    const targets = host.app.get(RevocationTargets);
    expect(await targets.count(alice)).toEqual({ host_epoch_token: 3 });
    expect(await targets.count(bob)).toEqual({ host_epoch_token: 2 });

    await host.revoke(bob);
    expect(await targets.count(bob)).toEqual({ host_epoch_token: 0 });
    await host.sweep(0);
    expect(await host.count(EpochToken, { userId: bob })).toBe(0);
    expect(await host.count(EpochToken, { userId: alice })).toBe(4);

    await host.revoke(alice);
    await host.sweep(0);
    expect(await host.count(EpochToken, { userId: alice })).toBe(0);
  });

  test('nodes that run without the module write rows that new nodes accept until the user is revoked, and never after it', async () => {
    const patient = { entities: [EpochToken], poolSize: 1, connectTimeoutMS: 60_000 };
    const old = await new DataSource({ ...host.dataSource.options, ...patient } as DataSourceOptions).initialize();
    const oldNodeSignsIn = (userId: string): Promise<unknown> => old.getRepository(EpochToken).insert({ userId });
    const accepted = async (userId: string): Promise<boolean[]> => {
      const rows = await host.dataSource.getRepository(EpochToken).findBy({ userId });
      return Promise.all(rows.map(({ epoch }) => epochs.isCurrent(userId, epoch, UNTIL_REVOKED)));
    };
    const [alice, bob] = [someone(), someone()];
    for (const user of [alice, bob]) await oldNodeSignsIn(user);
    expect([await accepted(alice), await accepted(bob)]).toEqual([[true], [true]]);

    await host.revoke(alice);
    for (const user of [alice, bob]) await oldNodeSignsIn(user);
    expect([await accepted(alice), await accepted(bob)]).toEqual([
      [false, false],
      [true, true],
    ]);

    const epoch = String(await epochs.epochForSignIn(alice));
    await host.insert(EpochToken, [{ userId: alice, epoch }]);
    expect((await accepted(alice)).filter(Boolean)).toEqual([true]);
    expect(await host.app.get(RevocationTargets).count(alice)).toEqual({ host_epoch_token: 1 });
    await old.destroy();
  });

  test('raising everybody ends it, of a user without a row too', async () => {
    const [alice, bob] = [someone(), someone()];
    await epochs.epochForSignIn(alice);
    const before = await host.dataSource.query('SELECT COUNT(*) AS number FROM gtr_subject_epoch');
    const raised = await host.dataSource.transaction((manager) => epochs.raiseAll(manager));
    expect(raised).toBe(Number((before as Array<{ number: unknown }>)[0]!.number));
    for (const subject of [alice, bob]) expect(await live(subject)).toEqual(all(false));
    expect(await host.dataSource.transaction((manager) => epochs.raiseAll(manager))).toBe(raised);
  });
});
