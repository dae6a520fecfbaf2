import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Adapter } from 'oidc-provider';
import { beforeAll, describe, expect, test } from 'vitest';
import { OidcRecord } from '../../../src/module/oidc-provider/oidc-record.entity.js';
import { inheritEpoch, runInEpochContext, epochContext } from '../../../src/module/oidc-provider/epoch-context.js';
import { loseAnswer } from '../database/break-commits.js';
import { databaseFixture } from '../database/open-database.js';
import { describeEachDatabase } from '../../support/databases.js';

const NO_EPOCH = 'no epoch for this user in the current request';

describeEachDatabase('rules of the adapter', (database) => {
  const db = databaseFixture(database);
  let tokens: Adapter;
  let sessions: Adapter;
  let nth = 0;

  beforeAll(async () => {
    tokens = db.adapters('AccessToken');
    sessions = db.adapters('Session');
  });

  const someone = (): string => `person-${(nth += 1)}`;
  const save = (id: string, accountId: string): Promise<unknown> => tokens.upsert(id, { accountId }, 600);

  const signedInHere = async (subject: string): Promise<void> =>
    inheritEpoch(subject, await db.epochs.epochForSignIn(subject));

  /** A request of its own in which a person signs in and `work` saves. */
  const signedIn = <T>(subject: string, work: () => Promise<T>): Promise<T> =>
    runInEpochContext(async () => {
      await signedInHere(subject);
      return work();
    });

  test('R1: a new sign-in over a revoked session saves a live session', async () => {
    const alice = someone();
    await signedIn(alice, () => sessions.upsert(alice, { accountId: alice, uid: alice }, 600));
    await db.revoke(alice);

    const old = await runInEpochContext(async () => {
      const found = await sessions.find(alice);
      await signedInHere(alice);
      await save(alice, alice);
      return found;
    });

    expect(old).toBeUndefined();
    expect(await tokens.find(alice)).toMatchObject({ accountId: alice });
  });

  test('R1: a consumed record passes on no epoch', async () => {
    const alice = someone();
    await signedIn(alice, () => save(alice, alice));
    await tokens.consume(alice);
    await handsDownNothing(alice);
  });

  test('R1: an expired record passes on no epoch', async () => {
    const alice = someone();
    await signedIn(alice, () => tokens.upsert(alice, { accountId: alice }, -1));
    await handsDownNothing(alice);
  });

  const handsDownNothing = (subject: string): Promise<void> =>
    runInEpochContext(async () => {
      expect(await tokens.find(subject)).toBeDefined();
      await expect(save('child', subject)).rejects.toThrow(NO_EPOCH);
    });

  test('R2: work that outlives its response can no longer save anything for the user', async () => {
    const alice = someone();
    let late: Promise<unknown> | undefined;
    const server = createServer((request, response) => {
      epochContext(request, response, () => {
        const closed = once(response, 'close');
        late = signedInHere(alice)
          .then(() => closed)
          .then(() => save(alice, alice))
          .catch((error: unknown) => error);
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await (await fetch(`http://127.0.0.1:${port}`)).text();

    expect(String(await late)).toContain('no epoch context');
    server.close();
  });

  test('R2: two simultaneous requests do not inherit epochs from each other', async () => {
    const alice = someone();
    await runInEpochContext(async () => {
      await signedIn(alice, () => save(alice, alice));
      await expect(save('other', alice)).rejects.toThrow(NO_EPOCH);
    });
  });

  test('R3: cannot save a credential for a user without an epoch in the request', async () => {
    const alice = someone();
    await db.epochs.epochForSignIn(alice);
    const rows = await db.dataSource.manager.count(OidcRecord);

    await expect(runInEpochContext(() => save(alice, alice))).rejects.toThrow(NO_EPOCH);
    await expect(save(alice, alice)).rejects.toThrow('no epoch context');

    expect(await db.dataSource.manager.count(OidcRecord)).toBe(rows);
  });

  test('R5: saving a row again under a newer epoch keeps its old epoch', async () => {
    const alice = someone();
    await signedIn(alice, () => save(alice, alice));
    await db.revoke(alice);
    await signedIn(alice, () => save(alice, alice));
    expect(await tokens.find(alice)).toBeUndefined();
  });

  describe('R5: a CIBA result', () => {
    const request = async (subject: string) => {
      const requests = db.adapters('BackchannelAuthenticationRequest');
      await signedIn(subject, () => requests.upsert(subject, { accountId: subject }, 600));
      return {
        requests,
        /** The host held the request while the user signed in anew. */
        answer: (result: object) =>
          signedIn(subject, () => requests.upsert(subject, { accountId: subject, ...result }, 600)),
      };
    };
    const ended = { error_detail: 'the authentication request was revoked or has expired' };

    test('is saved while the request is live', async () => {
      const alice = someone();
      const { requests, answer } = await request(alice);
      await answer({ grantId: 'grant' });
      expect(await requests.find(alice)).toMatchObject({ grantId: 'grant' });
    });

    test.each([
      ['grant', { grantId: 'grant' }],
      ['refusal', { error: 'access_denied' }],
    ])('does not revive a revoked request, swept or not, with a %s', async (_title, result) => {
      const alice = someone();
      const { requests, answer } = await request(alice);
      await db.revoke(alice);
      await expect(answer(result)).rejects.toMatchObject(ended);
      await requests.destroy(alice);
      await expect(answer(result)).rejects.toMatchObject(ended);
      expect(await requests.find(alice)).toBeUndefined();
    });
  });

  test('R5: a row that passes to another user gets the epoch of that user', async () => {
    const [alice, bob] = [someone(), someone()];
    await db.epochs.epochForSignIn(alice);
    await signedIn(alice, () => sessions.upsert(alice, { accountId: alice, uid: alice }, 600));
    await db.revoke(bob);
    await db.revoke(bob);
    await signedIn(bob, () => sessions.upsert(alice, { accountId: bob, uid: alice }, 600));
    expect(await sessions.find(alice)).toMatchObject({ accountId: bob });

    await db.revoke(bob);
    expect(await sessions.find(alice)).toBeUndefined();
  });

  test.each([
    ['AuthorizationCode', 'invalid_grant'],
    ['RefreshToken', 'invalid_grant'],
    ['DeviceCode', 'invalid_grant'],
    ['PushedAuthorizationRequest', 'invalid_request_uri'],
  ])('R9: of 50 simultaneous uses of one record, %s, one succeeds and the others fail with %s', async (kind, error) => {
    const records = db.adapters(kind);
    const id = someone();
    await records.upsert(id, {}, 600);
    const uses = await Promise.allSettled(Array.from({ length: 50 }, () => records.consume(id)));
    const refused = uses.filter((use) => use.status === 'rejected').map(({ reason }) => (reason as Error).message);
    expect(refused).toEqual(Array(49).fill(error));
  });

  test('R9: a use repeated after a lost answer does not count as a second use', async () => {
    const grant = db.adapters('Grant');
    await grant.upsert('family', {}, 600);
    const codes = db.adapters('AuthorizationCode');
    await codes.upsert('once', { grantId: 'family' }, 600);

    const lost = loseAnswer(db.dataSource, 'SET consumed_at');
    await codes.consume('once');
    expect(lost()).toBe(1);
    expect(await grant.find('family')).toBeDefined();

    await expect(codes.consume('once')).rejects.toThrow('invalid_grant');
    expect(await grant.find('family')).toBeUndefined();
  });
});
