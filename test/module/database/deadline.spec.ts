import { describe, expect, test } from 'vitest';
import { DatabaseDeadline } from '../../../src/module/database/deadline.js';

/** Work that ends when it is told to. */
function held() {
  let end!: (value: string) => void;
  const done = new Promise<string>((resolve) => (end = resolve));
  return { work: () => done, end };
}

const passing = (): Error => Object.assign(new Error('deadlock'), { errno: 1213 });
const unavailable = { reason: 'unavailable', status: 503, retryAfter: 5 };

describe('database deadline', () => {
  test('fails as unavailable in time when the database does not answer', async () => {
    const begun = performance.now();
    const deadline = new DatabaseDeadline(100);
    await expect(deadline.run(held().work)).rejects.toMatchObject(unavailable);
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(deadline.use).toMatchObject({ late: 1, underWay: 1 });
  });

  test('rejects work over the limit at once, also while abandoned work is still running', async () => {
    const deadline = new DatabaseDeadline(50, 2);
    const [first, second] = [held(), held()];
    await Promise.allSettled([deadline.run(first.work), deadline.run(second.work)]);

    let isAsked = false;
    const more = deadline.run(async () => void (isAsked = true));
    await expect(more).rejects.toMatchObject(unavailable);
    expect([isAsked, deadline.use.refused, deadline.use.underWay]).toEqual([false, 1, 2]);

    first.end('late');
    await expect.poll(() => deadline.use.underWay).toBe(1);
    await expect(deadline.run(() => Promise.resolve('answer'))).resolves.toBe('answer');
    second.end('late');
    await expect.poll(() => deadline.use.underWay).toBe(0);
  });

  test('repeats work after a transient error, up to 8 times', async () => {
    const deadline = new DatabaseDeadline(10_000);
    let tries = 0;
    const work = () => (++tries < 3 ? Promise.reject(passing()) : Promise.resolve(tries));
    await expect(deadline.run(work)).resolves.toBe(3);
    expect(deadline.use.retries).toBe(2);

    tries = 0;
    const failing = deadline.run(() => {
      tries += 1;
      return Promise.reject(passing());
    });
    await expect(failing).rejects.toMatchObject(unavailable);
    expect(tries).toBe(8);
  });

  test('does not try again after the deadline', async () => {
    const deadline = new DatabaseDeadline(20);
    let tries = 0;
    const work = () => {
      tries += 1;
      return Promise.reject(passing());
    };
    await expect(deadline.run(work)).rejects.toMatchObject(unavailable);
    const seen = tries;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(tries).toBeLessThanOrEqual(seen + 1);
    expect(deadline.use.underWay).toBe(0);
  });
});
