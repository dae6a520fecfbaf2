import { beforeAll } from 'vitest';

/**
 * What the tests of this file or `describe` share: started before its next hook, ended after its last one. Its members exist from
 * then on. Not a fixture of `test.extend`, which Vitest gives to tests and hooks, but not to functions around them.
 */
export function fixture<T extends object>(start: () => Promise<T>, end: (started: T) => Promise<unknown>): T {
  const members = {} as T;
  beforeAll(async () => {
    const started = Object.assign(members, await start());
    return () => end(started);
  });
  return members;
}
