import { afterEach, describe, expect, test, vi } from 'vitest';
import { backoff } from '../../../src/module/notifications/backoff.js';

describe('wait after a failed attempt', () => {
  afterEach(() => vi.restoreAllMocks());

  test('grows up to an hour', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    expect([1, 2, 3, 4, 5, 6, 7].map((attempt) => backoff(attempt) / 1000)).toEqual([
      ...[5, 20, 80, 320, 1280, 3600, 3600],
    ]);
  });

  test('differs by chance, from half to half again', () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0);
    expect(backoff(1)).toBe(2500);
    random.mockReturnValue(0.9999);
    expect(backoff(1)).toBe(7500);
  });

  test('is at least what the recipient asked for, and at most a day', () => {
    expect(backoff(1, 3_600_000)).toBe(3_600_000);
    expect(backoff(1, 1)).toBeGreaterThan(1000);
    expect(backoff(1, 1e12)).toBe(86_400_000);
  });
});
