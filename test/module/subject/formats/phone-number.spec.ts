import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactPhoneNumber } from '../../../../src/module/subject/formats/phone-number.js';
import { phoneNumbers } from '../uri-grammar.js';

describe('RFC 9493 §3.2.5, ITU-T E.164 §6: telephone numbers', () => {
  test('returns any E.164 number unchanged', () => {
    fc.assert(
      fc.property(phoneNumbers, (number) => {
        expect(exactPhoneNumber(number)).toBe(number);
      }),
    );
  });

  test.each([
    '',
    '+',
    '+1',
    '12065550100',
    '0012065550100',
    '+012065550100',
    '+1 206 555 0100',
    '+1-206-555-0100',
    '+1(206)5550100',
    '+1206555010a',
    '+1234567890123456',
    '++12065550100',
    '+12065550100 ',
    ' +12065550100',
    '+12065550100;ext=1',
    'tel:+12065550100',
    '+١٢٠٦٥٥٥٠١٠٠',
    '+１２０６５５５０１００',
    '＋12065550100',
  ])('returns undefined for %j', (number) => {
    expect(exactPhoneNumber(number)).toBeUndefined();
  });
});
