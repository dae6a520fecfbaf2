import { describe, expect, test } from 'vitest';
import { storedRestrictions } from '../../../src/module/options/caller-restrictions.options.js';

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
])('returns valid restrictions unchanged: %j', (restrictions) => {
  expect(storedRestrictions(restrictions)).toEqual(restrictions);
});

describe('names the member of invalid restrictions instead of ignoring them', () => {
  test.each<[unknown, string]>([
    [undefined, 'restrictions: must be an object, not '],
    ['{}', 'restrictions: must be an object, not '],
    [[], 'restrictions: must be an object, not '],
    [{ format: ['email'] }, 'restrictions.format: unknown name; known: formats, issuers, tenant, unknownSubject'],
    [{ toString: 'x' }, 'restrictions.toString: unknown name; known: '],
    [{ formats: 'email' }, 'restrictions.formats: must be a list, not '],
    [{ formats: null }, 'restrictions.formats: must be a list, not '],
    [{ formats: [1] }, 'restrictions.formats[0]: must be text, not 1'],
    [{ issuers: {} }, 'restrictions.issuers: must be a list, not '],
    [{ tenant: '' }, 'restrictions.tenant: must be text, not '],
    [{ tenant: null }, 'restrictions.tenant: must be text, not '],
    [{ tenant: ['acme'] }, 'restrictions.tenant: must be text, not '],
    [{ unknownSubject: 'yes' }, "restrictions.unknownSubject: must be 'not_found' or 'no_content', not 'yes'"],
  ])('%j', (stored, message) => {
    expect(() => storedRestrictions(stored)).toThrow(message);
  });
});
