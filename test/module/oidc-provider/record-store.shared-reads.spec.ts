import { setImmediate as turn } from 'node:timers/promises';
import type { QueryRunner } from 'typeorm';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../../../src/module/caller/clients/client.entity.js';
import { TypeOrmClientRegistry } from '../../../src/module/caller/clients/typeorm-client-registry.js';
import { sha256Hex } from '../../../src/module/database/digest.js';
import type { OidcRecordAdapter } from '../../../src/module/oidc-provider/oidc-record.adapter.js';
import { inheritEpoch, runInEpochContext } from '../../../src/module/oidc-provider/epoch-context.js';
import { describeEachDatabase } from '../../support/databases.js';
import { databaseFixture } from '../database/open-database.js';

/** A statement that is stopped before it is sent, and once more before its answer arrives. */
class Stopped {
  readonly send: () => void;
  readonly deliver: () => void;
  private readonly maySend: Promise<void>;
  private readonly mayDeliver: Promise<void>;
  /** Whether the database has answered. */
  isAnswered = false;

  constructor() {
    let [send, deliver] = [() => {}, () => {}];
    this.maySend = new Promise((resolve) => (send = resolve));
    this.mayDeliver = new Promise((resolve) => (deliver = resolve));
    [this.send, this.deliver] = [send, deliver];
  }

  async run<T>(statement: () => Promise<T>): Promise<T> {
    await this.maySend;
    const answer = await statement();
    this.isAnswered = true;
    await this.mayDeliver;
    return answer;
  }
}

/** P1: what starts after the commit of a revocation is refused, with whomever it shares a statement. */
describeEachDatabase('shared reads and a revocation between two of their steps', (database) => {
  const open = databaseFixture(database);
  let tokens: OidcRecordAdapter;
  let stopped: Stopped[] | undefined;

  beforeAll(async () => {
    tokens = open.adapters('AccessToken') as OidcRecordAdapter;
    const create = open.dataSource.createQueryRunner.bind(open.dataSource);
    open.dataSource.createQueryRunner = (mode) => {
      const runner = create(mode);
      const query = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
      runner.query = ((sql: string, ...rest: unknown[]) => {
        const reads = /^SELECT.*(gtr_oidc_record|gtr_subject_epoch|gtr_client)/s.test(sql);
        if (!stopped || !reads) return query(sql, ...rest);
        const statement = new Stopped();
        stopped.push(statement);
        return statement.run(() => query(sql, ...rest));
      }) as QueryRunner['query'];
      return runner;
    };
  });
  afterEach(() => (stopped = undefined));

  const save = async (user: string, token: string): Promise<void> => {
    const epoch = await open.epochs.epochForSignIn(user);
    await runInEpochContext(async () => {
      inheritEpoch(user, epoch);
      await tokens.upsert(token, { accountId: user }, 600);
    });
  };
  /** From here on every read stops. */
  const stop = (): Stopped[] => (stopped = []);
  const statements = async (count: number): Promise<void> => {
    await expect.poll(() => stopped?.length).toBe(count);
  };
  const goOn = (): void => {
    for (const statement of stopped ?? []) {
      statement.send();
      statement.deliver();
    }
  };

  test('a token whose look-up is not sent yet is refused', async () => {
    await save('ann', 'asked');
    await save('bob', 'of-bob');
    const reads = stop();
    const found = Promise.all([tokens.find('asked'), tokens.find('of-bob')]);
    await statements(1);
    await open.revoke('ann');
    goOn();
    expect(reads).toHaveLength(1);
    expect(await found).toEqual([undefined, { accountId: 'bob' }]);
  });

  test('a token whose look-up waits behind others is refused', async () => {
    await save('ann', 'waiting');
    const reads = stop();
    const earlier = [tokens.find('other')];
    await statements(1);
    earlier.push(tokens.find('another'));
    await statements(2);
    const found = tokens.find('waiting');
    await turn();
    await open.revoke('ann');
    goOn();
    await statements(3);
    goOn();
    expect(reads).toHaveLength(3);
    expect(await found).toBeUndefined();
    await Promise.all(earlier);
  });

  test('a check that starts after the commit does not join a statement that the database has answered', async () => {
    await save('ann', 'sent');
    const [reads] = [stop()];
    const before = tokens.find('sent');
    await statements(1);
    reads[0]!.send();
    await expect.poll(() => reads[0]!.isAnswered).toBe(true);
    await open.revoke('ann');
    const after = tokens.find('sent');
    await statements(2);
    goOn();
    expect(await after).toBeUndefined();
    expect(await before).toEqual({ accountId: 'ann' });
  });

  test('the same holds for an epoch of your own tokens', async () => {
    const epoch = await open.epochs.epochForSignIn('ann');
    const reads = stop();
    const before = open.epochs.isCurrent('ann', epoch);
    await statements(1);
    reads[0]!.send();
    await expect.poll(() => reads[0]!.isAnswered).toBe(true);
    await open.revoke('ann');
    const after = open.epochs.isCurrent('ann', epoch);
    await statements(2);
    goOn();
    expect([await before, await after]).toEqual([true, false]);
  });

  describe('clients', () => {
    let clients: TypeOrmClientRegistry;
    beforeAll(async () => {
      clients = new TypeOrmClientRegistry(open.dataSource);
      await open.dataSource.getRepository(Client).insert({
        clientIdHash: sha256Hex('app'),
        clientId: 'app',
        secretHash: null,
        previousSecretHash: null,
        previousSecretExpiresAt: null,
        scope: 'openid',
        enabled: 1,
        demo: 0,
        metadata: { redirect_uris: ['https://app.example'] },
        restrictions: null,
      });
    });

    test('changing a client object changes nothing for others who asked at the same time', async () => {
      const reads = stop();
      const found = Promise.all([clients.find('app'), clients.find('app')]);
      await statements(1);
      goOn();
      const [one, other] = await found;
      (one!.metadata['redirect_uris'] as string[]).push('https://else.example');
      expect(other!.metadata['redirect_uris']).toEqual(['https://app.example']);
      expect(reads).toHaveLength(1);
    });

    test('a client disabled after the statement was answered is disabled for the next request', async () => {
      const reads = stop();
      const before = clients.find('app');
      await statements(1);
      reads[0]!.send();
      await expect.poll(() => reads[0]!.isAnswered).toBe(true);
      await open.dataSource.getRepository(Client).update({ clientId: 'app' }, { enabled: 0 });
      const after = clients.find('app');
      await statements(2);
      goOn();
      expect([(await before)!.enabled, (await after)!.enabled]).toEqual([true, false]);
    });
  });
});
