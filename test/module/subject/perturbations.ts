import * as fc from 'fast-check';

/** What a collation, a keyboard or a careless eye takes for the same text. */
const PERTURBATIONS: Readonly<Record<string, (text: string) => string>> = {
  'lower case': (text) => text.toLowerCase(),
  'upper case': (text) => text.toUpperCase(),
  'first letter in the other case': (text) => text.replace(/\p{L}/u, flipCase),
  'last letter in the other case': (text) => text.replace(/\p{L}(?=\P{L}*$)/u, flipCase),
  decomposed: (text) => text.normalize('NFD'),
  composed: (text) => text.normalize('NFC'),
  'compatibility form': (text) => text.normalize('NFKC'),
  'without accents': (text) => text.normalize('NFD').replaceAll(/\p{M}/gu, ''),
  'with an accent': (text) => text.replace(/[aeiou]/i, (letter) => `${letter}\u0301`.normalize('NFC')),
  'ss for ß': (text) => text.replaceAll('ß', 'ss'),
  'ß for ss': (text) => text.replaceAll('ss', 'ß'),
  'dotless i': (text) => text.replace('i', 'ı'),
  'Kelvin sign': (text) => text.replace(/k/i, '\u212a'),
  'full width': (text) => text.replace(/[!-~]/, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)),
  'Cyrillic a': (text) => text.replace('a', 'а'),
  'trailing blank': (text) => `${text} `,
  'leading blank': (text) => ` ${text}`,
  'no-break blank behind': (text) => `${text}\u00a0`,
  'zero-width blank behind': (text) => `${text}\u200b`,
  'zero-width joiner inside': (text) => `${text.slice(0, 1)}\u200d${text.slice(1)}`,
  'byte order mark before': (text) => `\ufeff${text}`,
  'soft hyphen behind': (text) => `${text}\u00ad`,
  'variation selector behind': (text) => `${text}\ufe0f`,
  'a letter encoded': (text) => text.replace(/[a-z](?=[^a-z]*$)/i, (char) => `%${char.charCodeAt(0).toString(16)}`),
  decoded: (text) => text.replace(/%[2-7][0-9a-f]/i, (encoded) => decodeURIComponent(encoded)),
  'digits of an encoding in the other case': (text) => text.replace(/%[0-9a-f]{2}/i, flipCase),
  'slash behind': (text) => `${text}/`,
  'dot behind': (text) => `${text}.`,
  'a zero before': (text) => `0${text}`,
  'plus left out': (text) => text.replace('+', ''),
  'one character less': (text) => text.slice(0, -1),
  wildcard: (text) => `${text.slice(0, 1)}%`,
  'placeholders only': (text) => text.replaceAll(/./gsu, '_'),
};

const flipCase = (text: string): string => (text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase());

export const perturbations = fc.constantFrom(...Object.entries(PERTURBATIONS));

/** Names that collations confuse. */
export const namesakes = fc.constantFrom(
  'admin',
  'Renée.Straße-i',
  'İstanbul',
  'ﬁnance',
  'kassel',
  'Ελλάς',
  '１２',
  '😀',
);
