import { describe, expect, test } from 'vitest';
import { parseLimits } from '../../../src/module/caller/clients/client-limits.js';

test.each([
  [{}],
  [
    {
      formats: ['email', 'iss_sub'],
      issuers: ['https://op.example.com'],
      tenant: 'acme',
      unknownSubject: 'no_content',
    },
  ],
  [{ formats: [] }],
])('%j → as it is', (limits) => {
  expect(parseLimits(limits)).toEqual(limits);
});

describe('not limits → an error that names the member, never "no limits"', () => {
  test.each<[unknown, string]>([
    [undefined, 'must be a JSON object'],
    ['{}', 'must be a JSON object'],
    [[], 'must be a JSON object'],
    [{ format: ['email'] }, "unknown limit 'format'; known: formats, issuers, tenant, unknownSubject"],
    [{ toString: 'x' }, "unknown limit 'toString'"],
    [{ formats: 'email' }, "'formats' must be a list"],
    [{ formats: null }, "'formats' must be a list"],
    [{ formats: [1] }, "'formats' must be a list"],
    [{ issuers: {} }, "'issuers' must be a list"],
    [{ tenant: '' }, "'tenant' must be"],
    [{ tenant: null }, "'tenant' must be"],
    [{ tenant: ['acme'] }, "'tenant' must be"],
    [{ unknownSubject: 'yes' }, "'unknownSubject' must be not_found or no_content"],
  ])('%j', (stored, message) => {
    expect(() => parseLimits(stored)).toThrow(message);
  });
});
