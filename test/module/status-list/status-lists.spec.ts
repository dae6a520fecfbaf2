import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Client } from '../../../src/module/caller/clients/client.entity.js';
import { TypeOrmClientRegistry } from '../../../src/module/caller/clients/typeorm-client-registry.js';
import { sha256Hex } from '../../../src/module/database/digest.js';
import { onPrimary } from '../../../src/module/database/primary.js';
import { rowsOf } from '../../../src/module/database/statement.js';
import type { ResolvedOptions } from '../../../src/module/options/global-revocation.options.js';
import { Realms } from '../../../src/module/revocation/realms.js';
import { SubjectEpoch } from '../../../src/module/revocation/subject-epoch.entity.js';
import type { Sweeper } from '../../../src/module/revocation/sweep/sweeper.js';
import { ListStates, type ListsState } from '../../../src/module/status-list/list-states.js';
import { StatusIndex } from '../../../src/module/status-list/status-index.entity.js';
import { ENDED_OF_USERS, ENDED_SINCE } from '../../../src/module/status-list/statements.js';
import { StatusListSweep } from '../../../src/module/status-list/status-list-sweep.js';
import { StatusList } from '../../../src/module/status-list/status-list.entity.js';
import { StatusLists, type StatusReference } from '../../../src/module/status-list/status-lists.js';
import { clock } from '../../support/clock.js';
import { describeEachDatabase } from '../../support/databases.js';
import { openForTest, type OpenDatabase } from '../database/open-database.js';

const options = {
  issuer: 'https://op.example.com',
  statusLists: { signer: () => '', path: 'status-lists', ttlSeconds: 15, tokenLifetimeSeconds: 3600 },
};

describeEachDatabase('draft-ietf-oauth-status-list §6.1: indexes, and their bits', (database) => {
  const pass = clock();
  let open: OpenDatabase;
  let lists: StatusLists;

  beforeEach(async () => {
    open = await openForTest(database);
    lists = node();
  });
  afterEach(() => vi.restoreAllMocks());

  const node = () => new StatusLists(open.dataSource, open.deadline, options);
  const newStates = () => new ListStates(open.dataSource, open.deadline, new TypeOrmClientRegistry(open.dataSource));
  const signIn = (subject: string) => open.epochs.epochForSignIn(subject);
  const rows = () => onPrimary(open.dataSource, (manager) => manager.find(StatusIndex));

  const listOf = ({ status_list: { uri } }: StatusReference) => uri.split('/').at(-1)!;
  const bitIn = ({ lists: all }: ListsState, reference: StatusReference): number | undefined => {
    const { idx } = reference.status_list;
    const bits = all.get(listOf(reference))?.bits;
    return bits && (bits[idx >> 3]! >> (idx & 7)) & 1;
  };
  /** What another node, which reads everything, says. */
  const bit = async (reference: StatusReference) => bitIn(await newStates().current(), reference);

  test('all tokens of one epoch share an index, also if two nodes allocate it at once', async () => {
    const epoch = await signIn('1');
    const nodes = [node(), node()];
    const all = await Promise.all(Array.from({ length: 12 }, (_, i) => nodes[i % 2]!.referenceFor('1', epoch)));
    expect(new Set(all.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(all[0]!.status_list.uri).toBe(`https://op.example.com/status-lists/${listOf(all[0]!)}`);
    expect(await rows()).toHaveLength(1);
    expect(await bit(all[0]!)).toBe(0);
  });

  test('the bit follows from the epoch: a revocation ends the index, and nobody else’s', async () => {
    const [ann, ben] = [
      await lists.referenceFor('1', await signIn('1')),
      await lists.referenceFor('2', await signIn('2')),
    ];
    const before = await rows();
    await open.revoke('1');
    expect([await bit(ann), await bit(ben)]).toEqual([1, 0]);
    expect(await rows()).toEqual(before);
    const again = await lists.referenceFor('1', await signIn('1'));
    expect([again.status_list.idx === ann.status_list.idx, await bit(again)]).toEqual([false, 0]);
  });

  test('a token created while its user is being revoked gets an index that every node knows as ended', async () => {
    const states = newStates();
    const [known, unknown] = [await signIn('1'), await signIn('2')];
    await lists.referenceFor('1', known);
    await states.current();
    await Promise.all([open.revoke('1'), open.revoke('2')]);
    for (const late of [await lists.referenceFor('1', known), await lists.referenceFor('2', unknown)])
      expect([late.status_list.idx, bitIn(await states.current(), late)]).toEqual([0, 1]);
  });

  test('an epoch of a user who never signed in has ended', async () => {
    expect((await lists.referenceFor('9', 5)).status_list.idx).toBe(0);
  });

  test('a node that has read everything finds later revocations, of one user, of a realm and of everybody', async () => {
    const states = newStates();
    const realms = new Realms(open.epochs, open.revocations);
    const epochs = [await signIn('1'), await realms.epochForSignIn('2', 'acme'), await signIn('3')];
    const references = await Promise.all(epochs.map((epoch, i) => lists.referenceFor(String(i + 1), epoch)));
    const read = async () => {
      pass(1000);
      const state = await states.current();
      return references.map((reference) => bitIn(state, reference));
    };
    expect(await read()).toEqual([0, 0, 0]);
    await open.revoke('1');
    expect(await read()).toEqual([1, 0, 0]);
    await open.revocations.revokeRealm('acme', { actor: 'test' });
    expect(await read()).toEqual([1, 1, 0]);
    await open.revocations.revokeEverybody({ actor: 'test' });
    expect(await read()).toEqual([1, 1, 1]);
  });

  test('after the revocation of a realm, a node reads the users of this realm only', async () => {
    const states = newStates();
    const epochs = [await new Realms(open.epochs, open.revocations).epochForSignIn('1', 'acme'), await signIn('2')];
    const [of, notOf] = await Promise.all(epochs.map((epoch, i) => lists.referenceFor(String(i + 1), epoch)));
    await states.current();
    const subjectHash = sha256Hex('2');
    await onPrimary(open.dataSource, (manager) => manager.update(SubjectEpoch, { subjectHash }, { epoch: 1 }));
    await open.revocations.revokeRealm('acme', { actor: 'test' });
    pass(1000);
    const state = await states.current();
    expect([bitIn(state, of!), bitIn(state, notOf!)]).toEqual([1, 0]);
    expect(await bit(notOf!)).toBe(1);
  });

  test('the revocation of a realm with more users than a part has ends the index of each', async () => {
    const users = Array.from({ length: 4100 }, (_, i) => ({ idx: i + 1, subjectHash: sha256Hex(String(i)), epoch: 7 }));
    const [listId, realmHash, expiresAt] = [randomUUID(), sha256Hex('acme'), Date.now() + 3_600_000];
    const row = { listId, realmHash, previous: 0, audienceHash: '', clientId: null };
    await onPrimary(open.dataSource, async (manager) => {
      await manager.insert(StatusList, { id: listId, ordinal: 1, closesAt: expiresAt, expiresAt });
      for (let at = 0; at < users.length; at += 100) {
        const some = users.slice(at, at + 100);
        for (const entity of [SubjectEpoch, StatusIndex])
          await manager.insert(
            entity,
            some.map((user) => ({ ...row, ...user })),
          );
      }
    });
    const states = newStates();
    await states.current();
    await open.revocations.revokeRealm('acme', { actor: 'test' });
    pass(1000);
    const { bits } = (await states.current()).lists.get(listId)!;
    const ended = users.filter(({ idx }) => (bits[idx >> 3]! >> (idx & 7)) & 1);
    expect(ended).toHaveLength(users.length);
  });

  const plans = [
    { title: 'a later read looks at the indexes of revoked users only', statement: ENDED_SINCE, parameters: [0] },
    {
      title: 'a read of a realm looks at the indexes of its users only',
      statement: ENDED_OF_USERS,
      parameters: ['', '', ''],
    },
  ];
  test.each(database.name === 'sqlite' ? plans : [])('$title', async ({ statement, parameters }) => {
    const sql = `EXPLAIN QUERY PLAN ${statement}`;
    const steps = await onPrimary(open.dataSource, (manager) => rowsOf<{ detail: string }>(manager, sql, parameters));
    expect(steps.map(({ detail }) => detail).join('\n')).toMatch(/^SEARCH i USING INDEX gtr_status_index_subject/m);
  });

  test('a node serves a list that another one has just begun, also while it reads', async () => {
    const [states, reading] = [newStates(), newStates()];
    expect((await states.current()).lists.size).toBe(0);
    const read = reading.current();
    const reference = await lists.referenceFor('1', await signIn('1'));
    const id = listOf(reference);
    expect(bitIn(await states.current(id), reference)).toBe(0);
    expect(bitIn(await reading.current(id), reference)).toBe(0);
    await read;
  });

  test('a storm of unknown ids causes one look-up, and an impossible id causes none', async () => {
    await lists.referenceFor('1', await signIn('1'));
    const states = newStates();
    const before = await states.current();
    const reads = vi.spyOn(open.dataSource, 'createQueryRunner');
    await states.current('x');
    expect(reads).not.toHaveBeenCalled();
    const all = await Promise.all(Array.from({ length: 1000 }, () => states.current(randomUUID())));
    expect(new Set(all.map((state) => state.lists.size))).toEqual(new Set([before.lists.size]));
    expect(reads.mock.calls.length).toBeLessThan(100);
  });

  test('requests share one read', async () => {
    await lists.referenceFor('1', await signIn('1'));
    const states = newStates();
    const runners = vi.spyOn(open.dataSource, 'createQueryRunner');
    await Promise.all(Array.from({ length: 100 }, () => states.current()));
    expect(runners.mock.calls.length).toBeLessThan(400);
  });

  test('an index of a client is 1 while the client is disabled or unknown', async () => {
    const clientIdHash = sha256Hex('app');
    const client = {
      clientIdHash,
      clientId: 'app',
      secretHash: null,
      previousSecretHash: null,
      previousSecretExpiresAt: null,
    };
    const more = { scope: '', enabled: 1, demo: 0, metadata: {}, restrictions: null };
    await onPrimary(open.dataSource, (manager) => manager.insert(Client, { ...client, ...more }));
    const [app, other] = [await lists.referenceForClient('app'), await lists.referenceForClient('other')];
    expect(await lists.referenceForClient('app')).toEqual(app);
    const states = newStates();
    const seen: unknown[] = [];
    for (const enabled of [1, 0, 1]) {
      await onPrimary(open.dataSource, (manager) => manager.update(Client, { clientIdHash }, { enabled }));
      pass(1000);
      const state = await states.current();
      seen.push([bitIn(state, app), bitIn(state, other)]);
    }
    expect(seen).toEqual([
      [0, 1],
      [1, 1],
      [0, 1],
    ]);
  });

  test('each audience has its own index if it is given', async () => {
    const epoch = await signIn('1');
    const all = await Promise.all(['a', 'b', 'a'].map((audience) => lists.referenceFor('1', epoch, { audience })));
    const [a, b, again] = all.map(({ status_list: { idx } }) => idx);
    expect([a === b, a === again]).toEqual([false, true]);
    await open.revoke('1');
    expect([await bit(all[0]!), await bit(all[1]!)]).toEqual([1, 1]);
  });

  test('a full list is closed, and no index is used twice', async () => {
    lists.capacity = 4;
    const epoch = await signIn('1');
    const all: string[] = [];
    for (let i = 0; i < 12; i += 1) {
      const {
        status_list: { idx, uri },
      } = await lists.referenceFor('1', epoch, { audience: String(i) });
      all.push(`${uri}#${idx}`);
    }
    expect(new Set(all).size).toBe(12);
    expect(new Set(all.map((each) => each.split('#')[0])).size).toBeGreaterThan(3);
  });

  test('no token is issued for a closed list, which is served until its tokens have expired, and then deleted', async () => {
    const epoch = await signIn('1');
    const old = await lists.referenceFor('1', epoch);
    const change = (values: Partial<StatusList>) =>
      onPrimary(open.dataSource, (manager) => manager.update(StatusList, listOf(old), values));
    await change({ closesAt: Date.now() - 60_000 });
    const next = await lists.referenceFor('1', epoch);
    expect(listOf(next)).not.toBe(listOf(old));
    await open.revoke('1');
    expect([await bit(old), await bit(next)]).toEqual([1, 1]);
    await change({ expiresAt: Date.now() - 60_000 });
    expect([await bit(old), await bit(next)]).toEqual([undefined, 1]);
    const added: StatusListSweep[] = [];
    const sweeper = { add: (target: StatusListSweep) => added.push(target) } as unknown as Sweeper;
    const sweep = new StatusListSweep(open.dataSource, sweeper, options as unknown as ResolvedOptions);
    expect([added, await sweep.purge(Date.now(), 1), await sweep.purge(Date.now(), 1)]).toEqual([[sweep], 1, 0]);
    expect((await rows()).map(({ listId }) => listId)).toEqual([listOf(next)]);
    expect(await onPrimary(open.dataSource, (manager) => manager.count(StatusList))).toBe(1);
  });

  test('without the option statusLists, there is no reference', async () => {
    const { issuer } = options;
    const none = new StatusLists(open.dataSource, open.deadline, { issuer });
    await expect(none.referenceFor('1', 1)).rejects.toThrow('set the option `statusLists`');
  });
});
