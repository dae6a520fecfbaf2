/** Bodies that are no valid request, by what is wrong with them. Buffers where the bytes matter. */
export type Vector = [title: string, body: string | Buffer];

const sub = (json: string): string => `{"sub_id":${json}}`;
const id = (json: string): string => sub(`{"format":"uid","id":${json}}`);
const long = (count: number): string => 'x'.repeat(count);

const badIds = [
  '0',
  '-0',
  '12',
  '1e400',
  '-1e400',
  'false',
  'true',
  'null',
  '""',
  '[]',
  '{}',
  '["bob"]',
  '[[]]',
  '[{}]',
];
badIds.push('{"toString":"bob"}', '{"length":1}', '{"$ne":null}', '{"not":"x"}');

const values: Vector[] = [
  ...badIds.map((json): Vector => [`id ${json}`, id(json)]),
  ...badIds.map((json): Vector => [`format ${json}`, sub(`{"format":${json},"id":"bob"}`)]),
  ...badIds.map((json): Vector => [`sub_id ${json}`, sub(json)]),
  ...[...badIds, '"bob"'].map((json): Vector => [`body ${json}`, json]),
  ['sub_id a string', sub('"bob"')],
  ['sub_id a string of JSON', sub('"{\\"format\\":\\"uid\\",\\"id\\":\\"bob\\"}"')],
  ['sub_id in an array', sub('[{"format":"uid","id":"bob"}]')],
  ['body in an array', '[{"sub_id":{"format":"uid","id":"bob"}}]'],
];

const members: Vector[] = [
  ['no id', sub('{"format":"uid"}')],
  ['no format', sub('{"id":"bob"}')],
  ['another member', sub('{"format":"uid","id":"bob","x":"y"}')],
  ['another member, null', sub('{"format":"uid","id":"bob","x":null}')],
  ['members of another format', sub('{"format":"uid","email":"bob@example.com"}')],
  ['members of two formats', sub('{"format":"email","email":"bob@example.com","id":"bob"}')],
  ['iss_sub without iss', sub('{"format":"iss_sub","sub":"x"}')],
  ['iss_sub with an iss that is not a string', sub('{"format":"iss_sub","iss":1,"sub":"x"}')],
  ['__proto__ in the identifier', sub('{"format":"uid","__proto__":{"id":"bob"}}')],
  ['__proto__ beside the id', sub('{"format":"uid","id":"bob","__proto__":"x"}')],
  ['__proto__ in the body', '{"__proto__":{"sub_id":{"format":"uid","id":"bob"}}}'],
  ['__proto__ beside sub_id', '{"sub_id":{"format":"uid","id":"bob"},"__proto__":{}}'],
  ['constructor beside sub_id', '{"sub_id":{"format":"uid","id":"bob"},"constructor":{}}'],
  ['subject', '{"subject":{"format":"uid","id":"bob"}}'],
  ['subject beside sub_id', '{"sub_id":{"format":"uid","id":"bob"},"subject":{"format":"uid","id":"bob"}}'],
  ['sub_id in another case', '{"SUB_ID":{"format":"uid","id":"bob"}}'],
  ['format in another case', sub('{"Format":"uid","id":"bob"}')],
  ['10^3 members', sub(`{${Array.from({ length: 600 }, (_, i) => `"k${i}":""`).join()}}`)],
];

const columns = 'phone name password_hash passwordHash demo sub subject id_hash kind payload secret_hash enabled';
const names = `${columns} __proto__ constructor toString hasOwnProperty valueOf prototype UID Uid uid; uid-- opu.uid *`;
const formats: Vector[] = [
  ...['id', 'account', 'phone_number', 'did', 'uri', 'aliases', 'uid ', ' uid', '', ...names.split(' ')].map(
    (format): Vector => [`format "${format}"`, sub(JSON.stringify({ format, id: 'bob' }))],
  ),
  ['a format of 8000 characters', sub(`{"format":"${long(8000)}","id":"bob"}`)],
];

const text: Vector[] = [
  ['lone high surrogate', id(String.raw`"\ud800"`)],
  ['lone low surrogate', id(String.raw`"bob\udc00"`)],
  ['surrogates swapped', id(String.raw`"\udc00\ud800"`)],
  ['NUL', id(String.raw`"bob\u0000"`)],
  ...[1, 8, 9, 10, 13, 27, 31, 127].map((code): Vector => [
    `control ${code}`,
    id(`"bob\\u${code.toString(16).padStart(4, '0')}"`),
  ]),
  ['raw control character', id('"bob\u0001"')],
  ['e-mail without @', sub('{"format":"email","email":"bob"}')],
  ['e-mail of spaces', sub('{"format":"email","email":" @ "}')],
  ['invalid e-mail', sub('{"format":"mail","id":"bob"}')],
];

const twice = '"format":"uid","id":"bob"';
const syntax: Vector[] = [
  ['nothing', ''],
  ['blanks', ' \n'],
  ['NaN', 'NaN'],
  ['truncated body', '{"sub_id":{"format":"uid","id":"bob"}'],
  ['extra text after the body', `${id('"bob"')}x`],
  ['two values', `${id('"bob"')}${id('"bob"')}`],
  ['sub_id twice', `{"sub_id":{${twice}},"sub_id":{${twice}}}`],
  ['sub_id twice, once escaped', `{"sub_id":{${twice}},"\\u0073ub_id":{${twice}}}`],
  ['id twice', sub(`{${twice},"id":"alice"}`)],
  ['id twice, once escaped', sub(`{${twice},"\\u0069d":"alice"}`)],
  ['format twice, escaped', sub(`{"\\u0066ormat":"uid",${twice}}`)],
  ['single quotes', `{'sub_id':{'format':'uid','id':'bob'}}`],
  ['names without quotes', '{sub_id:{format:"uid",id:"bob"}}'],
  ['line comment', `//\n${id('"bob"')}`],
  ['block comment', `{/**/"sub_id":{${twice}}}`],
  ['trailing comma', `{"sub_id":{${twice}},}`],
  ['trailing comma inside', sub(`{${twice},}`)],
  ['no comma', '{"sub_id":{"format":"uid" "id":"bob"}}'],
  ['raw line break in a string', id('"bo\nb"')],
  ['invalid escape', id(String.raw`"\x62ob"`)],
  ['byte order mark', `\ufeff${id('"bob"')}`],
  ['UTF-16', Buffer.from(id('"bob"'), 'utf16le')],
  ['NUL after the body', `${id('"bob"')}\0`],
  ...['ff', 'c3', 'c080', 'eda080', 'f4908080', '80', 'c0af', 'f8888080 80'].map((hex): Vector => [
    `bytes ${hex}`,
    Buffer.concat([Buffer.from('{"sub_id":{"format":"uid","id":"bob'), Buffer.from(hex, 'hex'), Buffer.from('"}}')]),
  ]),
];

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const deep: Vector[] = [1, 2, 3, 4, 5, 6, 10, 100, 1000, 4000].flatMap((depth): Vector[] => [
  [`depth ${depth}`, nested(depth)],
  [`depth ${depth} of objects, cut`, '{"a":'.repeat(Math.min(depth, 1600))],
  [`depth ${depth} in sub_id`, sub(nested(Math.min(depth, 3900)))],
  [`depth ${depth}, cut`, '['.repeat(depth)],
]);

export const malformed: Vector[] = [...values, ...members, ...formats, ...text, ...syntax, ...deep];

/** Bodies over 8 kB. */
export const tooLarge: Vector[] = [
  ...[5000, 20_000, 50_000].map((depth): Vector => [`depth ${depth}`, nested(depth)]),
  ['10^5 keys', `{${Array.from({ length: 1e5 }, (_, i) => `"k${i}":1`).join()}}`],
  ['a format of 10^5 characters', sub(`{"format":"${long(1e5)}","id":"bob"}`)],
];
