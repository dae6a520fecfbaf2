import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { GroupCommit } from '../../../src/module/database/group-commit.js';

/** A transaction that ends when it is told to. */
interface Begun {
  members: readonly string[];
  commit: () => void;
  fail: (error: unknown) => void;
}

/** Transactions whose results are the members in capitals. */
function held() {
  const [shared, own]: Begun[][] = [[], []];
  const begin = (into: Begun[], members: readonly string[]): Promise<string[]> =>
    new Promise((resolve, reject) => {
      into.push({ members, commit: () => resolve(members.map((each) => each.toUpperCase())), fail: reject });
    });
  const group = new GroupCommit<string, string>((members) => begin(shared, members));
  const late = new Set<string>();
  const commit = (member: string): Promise<string> =>
    group.commit(
      member,
      () => late.has(member),
      async () => (await begin(own, [member]))[0]!,
    );
  const all = (...members: string[]): Promise<Array<PromiseSettledResult<string>>> =>
    Promise.allSettled(members.map(commit));
  return { group, shared, own, late, commit, all };
}

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `m${i}`);
const membersOf = (begun: readonly Begun[]): Array<readonly string[]> => begun.map(({ members }) => members);
const deadlock = (): Error => Object.assign(new Error('deadlock'), { errno: 1213 });
const duplicate = (): Error => Object.assign(new Error('duplicate'), { code: '23505' });
const lost = (): Error => Object.assign(new Error('connection lost'), { code: 'ECONNRESET' });
const statusOf = (settled: ReadonlyArray<PromiseSettledResult<unknown>>): string =>
  settled.map(({ status }) => status[0]).join('');

/** Until everything that can happen has happened. */
async function idle(): Promise<void> {
  for (let turns = 0; turns < 5; turns += 1) await turn();
}

describe('group commit', () => {
  // No transaction is slow unless the test says so.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  test('a member that comes alone runs its own transaction, at the end of the same turn of the event loop', async () => {
    const { shared, own, commit } = held();
    const done = commit('a');
    await turn();
    expect([membersOf(own), shared]).toEqual([[['a']], []]);
    own[0]!.commit();
    expect(await done).toBe('A');
  });

  test('members that come in the same turn share a transaction, and each gets its own result', async () => {
    const { shared, own, all } = held();
    const done = all('a', 'b', 'c');
    await idle();
    expect([membersOf(shared), own]).toEqual([[['a', 'b', 'c']], []]);
    shared[0]!.commit();
    expect(await done).toMatchObject([{ value: 'A' }, { value: 'B' }, { value: 'C' }]);
  });

  test.each(['alone', 'shared'])(
    'members that come while a transaction runs (%s) wait for it and share the next',
    async (how) => {
      const { shared, own, commit, all } = held();
      const first = how === 'alone' ? all('a') : all('a', 'b');
      await idle();
      const later = [commit('c')];
      await idle();
      later.push(commit('d'));
      await idle();
      expect(shared.length + own.length).toBe(1);
      [...own, ...shared][0]!.commit();
      await first;
      await idle();
      expect(shared.at(-1)!.members).toEqual(['c', 'd']);
      shared.at(-1)!.commit();
      expect(await Promise.all(later)).toEqual(['C', 'D']);
    },
  );

  test('a transaction of a single member that fails lets the next begin', async () => {
    const { own, all } = held();
    const failing = all('a');
    await idle();
    const next = all('b');
    own[0]!.fail(new Error('refused'));
    expect(statusOf(await failing)).toBe('r');
    await idle();
    own[1]!.commit();
    expect(statusOf(await next)).toBe('f');
  });

  test('150 members leave in their order, at most 64 in a transaction and one transaction at a time', async () => {
    const { shared, all } = held();
    const done = all(...names(150));
    const sizes: number[] = [];
    while (sizes.length < 3) {
      await idle();
      expect(shared).toHaveLength(sizes.length + 1);
      sizes.push(shared.at(-1)!.members.length);
      shared.at(-1)!.commit();
    }
    expect(sizes).toEqual([64, 64, 22]);
    expect(shared.flatMap(({ members }) => members)).toEqual(names(150));
    expect(await done).toMatchObject(names(150).map((name) => ({ value: name.toUpperCase() })));
  });

  test.each([
    ['a duplicate key', duplicate],
    ['a lock that another holds', deadlock],
    ['an error of its own', () => new Error('no')],
  ])('%s splits the transaction until its cause is alone, and the others are committed', async (_title, error) => {
    const together: string[][] = [];
    const group = new GroupCommit<string, string>(async (members) => {
      together.push([...members]);
      if (members.includes('bad')) throw error();
      return members;
    });
    const members = ['a', 'b', 'c', 'bad', 'd', 'e'];
    const alone: string[] = [];
    const done = Promise.allSettled(
      members.map((member) =>
        group.commit(
          member,
          () => false,
          async () => {
            alone.push(member);
            if (member === 'bad') throw error();
            return member;
          },
        ),
      ),
    );
    expect(statusOf(await done)).toBe('fffrff');
    expect(together).toEqual([members, ['a', 'b', 'c'], ['bad', 'd', 'e'], ['bad', 'd']]);
    expect(alone.toSorted()).toEqual(['bad', 'd', 'e']);
  });

  test('a member that is alone after a split holds up neither the rest of its transaction nor the next one', async () => {
    const { shared, own, all } = held();
    const first = all('bad', 'a', 'b', 'c');
    await idle();
    const next = all('d', 'e');
    shared[0]!.fail(deadlock());
    await idle();
    shared[1]!.fail(deadlock());
    await idle();
    expect(membersOf(own)).toEqual([['bad'], ['a']]);
    expect(membersOf(shared.slice(2))).toEqual([['b', 'c']]);
    shared[2]!.commit();
    await idle();
    expect(membersOf(shared.slice(3))).toEqual([['d', 'e']]);
    shared[3]!.commit();
    expect(statusOf(await next)).toBe('ff');
    for (const { commit } of own) commit();
    expect(statusOf(await first)).toBe('ffff');
  });

  test('a connection that fails reaches all members: any of them may have been committed', async () => {
    const { shared, own, all } = held();
    const done = all('a', 'b', 'c');
    await idle();
    shared[0]!.fail(lost());
    await idle();
    expect([shared.length, own.length]).toEqual([1, 0]);
    expect(statusOf(await done)).toBe('rrr');
  });

  test('settled() resolves when all work requested so far has ended', async () => {
    const { group, shared, own, all } = held();
    const done = [all('a')];
    await idle();
    done.push(all('b', 'c'));
    const seen: string[] = [];
    const settled = group.settled().then(() => seen.push('settled'));
    own[0]!.fail(new Error('refused'));
    await idle();
    expect(seen).toEqual([]);
    shared[0]!.commit();
    await settled;
    expect(statusOf((await Promise.all(done)).flat())).toBe('rff');
  });

  test.each(['alone', 'shared'])('a slow transaction (%s) holds up others only for a moment', async (how) => {
    const { shared, own, all } = held();
    const slow = how === 'alone' ? all('a') : all('a', 'b');
    await idle();
    const others = all('c', 'd');
    vi.advanceTimersByTime(99);
    await idle();
    expect(shared.filter(({ members }) => members.includes('c'))).toEqual([]);
    vi.advanceTimersByTime(1);
    await idle();
    shared.at(-1)!.commit();
    expect(await others).toMatchObject([{ value: 'C' }, { value: 'D' }]);
    // Its late end lets nobody pass the transaction that runs by then.
    const running = all('e', 'f');
    await idle();
    [...own, ...shared][0]!.commit();
    await slow;
    void all('g', 'h');
    await idle();
    expect(shared.at(-1)!.members).toEqual(['e', 'f']);
    shared.at(-1)!.commit();
    await running;
  });

  test('after a moment, a transaction that fails is not split again: all remaining members run alone', async () => {
    const { shared, own, all } = held();
    const done = all(...names(8));
    await idle();
    shared[0]!.fail(deadlock());
    await idle();
    vi.advanceTimersByTime(100);
    shared[1]!.fail(deadlock());
    await idle();
    expect(shared).toHaveLength(2);
    expect(membersOf(own).flat().toSorted()).toEqual(names(8));
    for (const { commit } of own) commit();
    expect(statusOf(await done)).toBe('ffffffff');
  });

  test('a member whose deadline has passed when the transaction begins is left out, also when it begins again', async () => {
    const { shared, own, late, all } = held();
    const done = all('a', 'late', 'b', 'c', 'later');
    late.add('late');
    await idle();
    expect(shared[0]!.members).toEqual(['a', 'b', 'c', 'later']);
    late.add('later');
    shared[0]!.fail(deadlock());
    await idle();
    shared[1]!.commit();
    await idle();
    expect(membersOf(shared.slice(1))).toEqual([['a', 'b']]);
    expect(membersOf(own)).toEqual([['c']]);
    own[0]!.commit();
    expect(statusOf(await done)).toBe('frffr');
  });

  test('members that are all late begin no transaction, and the next may begin', async () => {
    const { shared, own, late, all } = held();
    late.add('a').add('b');
    expect(statusOf(await all('a', 'b'))).toBe('rr');
    const next = all('c');
    await idle();
    expect([shared, membersOf(own)]).toEqual([[], [['c']]]);
    own[0]!.commit();
    expect(statusOf(await next)).toBe('f');
  });

  test('a shared transaction runs outside the contexts of its members, and a single member runs inside its own', async () => {
    const requests = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const look = async (members: readonly string[]): Promise<readonly string[]> => {
      seen.push(requests.getStore());
      return members;
    };
    const group = new GroupCommit<string, string>(look);
    const commit = (member: string): Promise<unknown> =>
      requests.run(member, async () => {
        await group.commit(
          member,
          () => false,
          async () => (await look([member]))[0]!,
        );
        return requests.getStore();
      });
    expect(await Promise.all(['a', 'b'].map(commit))).toEqual(['a', 'b']);
    expect(await commit('c')).toBe('c');
    expect(seen).toEqual([undefined, 'c']);
  });
});
