import { describe, expect, test } from 'vitest';
import { parseRestrictions } from '../../../src/module/caller/clients/client-restrictions.js';

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
])('%j → as it is', (restrictions) => {
  expect(parseRestrictions(restrictions)).toEqual(restrictions);
});

describe('not restrictions → an error that names the member, never "no restrictions"', () => {
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
    expect(() => parseRestrictions(stored)).toThrow(message);
  });
});
