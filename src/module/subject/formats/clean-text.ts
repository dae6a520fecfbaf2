/** Text that every database and proxy reads alike: not empty, no controls, no lone surrogates. @see RFC 8259 §8.2 */
export const isCleanText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && !/[\p{Cs}\u0000-\u001f\u007f]/u.test(value);
