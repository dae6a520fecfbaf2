import { setImmediate as turn } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RevocationService, StartChecks, SubjectEpochs, UserDirectory } from '../../../src/module/index.js';
import { missedEpochs } from '../../../src/module/revocation/missed-epochs.js';
import { describeEachDatabase } from '../../support/databases.js';
import { type NestHost, Person, startNestHost } from '../../support/nest-host.js';

describeEachDatabase('account ids that no revocation finds', (database) => {
  let host: NestHost;
  let epochs: SubjectEpochs;

  beforeEach(async () => {
    host = await startNestHost(database);
    await host.dataSource.getRepository(Person).insert([
      { id: 'p-1', login: 'ann' },
      { id: '7', login: 'ben' },
    ]);
    epochs = host.app.get(SubjectEpochs);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await host.stop();
  });

  describe('at the first sign-in', () => {
    /** Signs in, and waits until the directory was asked. @returns what was warned of */
    async function signIn(subject: string): Promise<string[]> {
      const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
      const find = vi.spyOn(host.app.get(UserDirectory), 'find');
      await epochs.epochForSignIn(subject);
      await vi.waitFor(() => expect(find).toHaveBeenCalled());
      await Promise.allSettled(find.mock.results.map(({ value }) => value as Promise<unknown>));
      await turn();
      await turn();
      return warn.mock.calls.map(([message]) => String(message));
    }

    test.each([
      ['another property of the user', 'ann'],
      ['another case of the account id', 'P-1'],
      ['a number with a zero in front', '07'],
      ['the account id with a blank at its end', 'p-1 '],
      ['the account id with a prefix', 'user:p-1'],
      ['the id of nobody', 'p-2'],
    ])('under %s: warns once', async (_what, subject) => {
      expect(await signIn(subject)).toEqual([expect.stringContaining('make `users.subject` what you pass to')]);
      vi.restoreAllMocks();
      const find = vi.spyOn(host.app.get(UserDirectory), 'find');
      await epochs.epochForSignIn(subject);
      expect(find).not.toHaveBeenCalled();
    });

    test.each(['p-1', '7'])('under the account id %s: does not warn', async (subject) => {
      expect(await signIn(subject)).toEqual([]);
    });

    test('a directory that fails does not fail the sign-in', async () => {
      vi.spyOn(host.app.get(UserDirectory), 'find').mockRejectedValue(new Error('not now'));
      expect(await signIn('p-1')).toEqual([]);
      expect(await epochs.current('p-1')).toEqual(expect.any(Number));
    });
  });

  describe('at the startup checks and in doctor', () => {
    const revoke = async (times: number, subject: (i: number) => string): Promise<void> => {
      for (let i = 0; i < times; i += 1) await host.app.get(RevocationService).revoke(subject(i), { actor: 'test' });
    };
    const messages = async (): Promise<string[]> =>
      (await host.app.get(StartChecks).findings())
        .map(({ message }) => message)
        .filter((message) => message.includes('never signed in'));

    test('most revocations of users who never signed in are a finding', async () => {
      await epochs.epochForSignIn('PUBLIC-1');
      await revoke(9, (i) => `p-${i}`);
      expect(await messages()).toEqual([]);
      await revoke(3, (i) => `q-${i}`);
      expect(await messages()).toEqual([expect.stringContaining('12 of the last 12 revocations')]);
      expect(await missedEpochs(host.dataSource)).toEqual({ recent: 12, missed: 12, hasSignIns: true });
    });

    test('revocations of users who signed in are not a finding', async () => {
      await epochs.epochForSignIn('p-1');
      for (let i = 0; i < 12; i += 1) await epochs.epochForSignIn(`u-${i}`);
      await revoke(12, (i) => `u-${i}`);
      await revoke(11, (i) => `never-${i}`);
      expect(await messages()).toEqual([]);
      expect(await missedEpochs(host.dataSource)).toMatchObject({ recent: 23, missed: 11 });
    });

    test('there is no finding where nobody signs in with an epoch', async () => {
      await revoke(12, (i) => `p-${i}`);
      expect(await messages()).toEqual([]);
    });
  });
});
