import { expect, test } from 'vitest';
import { fuzz } from './fuzz.js';

test(
  'generated requests and settings cause no answer of 5xx, and each that reaches a guard has one event',
  {
    timeout: 300_000,
  },
  async () => {
    const { requests, settings, answers } = await fuzz({ seed: 14, runs: 40 });
    expect(settings).toBe(40);
    expect(requests).toBeGreaterThan(40);
    expect(Object.keys(answers)).toEqual(expect.arrayContaining(['204', '400', '401', '404']));
  },
);
