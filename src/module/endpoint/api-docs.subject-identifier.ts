const text = (description: string, more: { pattern?: string } = {}) => ({
  type: 'string' as const,
  minLength: 1,
  description,
  ...more,
});

const format = (
  title: string,
  names: { enum: string[] } | { pattern: string },
  members: Record<string, ReturnType<typeof text>>,
) => ({
  title,
  type: 'object' as const,
  required: ['format', ...Object.keys(members)],
  additionalProperties: false,
  properties: { format: { type: 'string' as const, ...names }, ...members },
});

/** Entries in formats the server does not have are left out, so any is allowed. @see RFC 9493 §3.2.8 */
const aliases = {
  title: 'Several identifiers of one user',
  type: 'object' as const,
  required: ['format', 'identifiers'],
  additionalProperties: false,
  properties: {
    format: { type: 'string' as const, enum: ['aliases'] },
    identifiers: {
      type: 'array' as const,
      description: 'Those that match anybody must match one and the same user; formats this server lacks are left out.',
      minItems: 1,
      maxItems: 10,
      uniqueItems: true,
      items: {
        type: 'object' as const,
        required: ['format'],
        properties: { format: { type: 'string' as const, pattern: '^(?!aliases$)' } },
        additionalProperties: { type: 'string' as const, minLength: 1 },
      },
    },
  },
};

/** @see RFC 9493 §3 */
export const subjectIdentifierSchema = {
  description:
    'Subject identifier (RFC 9493), or an attribute of the user (Janssen profile), of a format that this server maps.',
  oneOf: [
    format(
      'Attribute of the user',
      { pattern: '^(?!(iss_sub|opaque|aliases)$)[^\\u0000-\\u001f]+$' },
      { id: text('Value of the attribute that `format` names, e.g. `uid`.') },
    ),
    format('E-mail address', { enum: ['email'] }, { email: text('E-mail address; case does not count.') }),
    format(
      'Telephone number',
      { enum: ['phone_number'] },
      { phone_number: text('E.164.', { pattern: '^\\+[1-9][0-9]{1,14}$' }) },
    ),
    format(
      'Account at a service provider',
      { enum: ['account'] },
      { uri: text('`acct` URI; the case of the user part counts, that of the host does not.') },
    ),
    format(
      'Issuer and subject',
      { enum: ['iss_sub'] },
      {
        iss: text('Issuer identifier of this server, or of an identity provider whose accounts are linked.'),
        sub: text('Account id there: `sub` of its ID tokens.'),
      },
    ),
    format('Account id', { enum: ['opaque'] }, { id: text('Account id: `sub` of the ID tokens.') }),
    format('Decentralized identifier', { enum: ['did'] }, { url: text('DID or DID URL.', { pattern: '^did:' }) }),
    format('URI', { enum: ['uri'] }, { uri: text('URI, compared byte for byte.') }),
    aliases,
  ],
};

const example = (summary: string, sub_id: { format: string } & Record<string, unknown>) => ({
  summary,
  value: { sub_id },
});

const email = { format: 'email', email: 'alice@example.com' };
const sub = '5a1c0a3e-0000-4000-8000-00000000a11c';

/** One example for each format, with people of the demo. */
export const subjectIdentifierExamples = {
  uid: example('uid (an attribute)', { format: 'uid', id: 'alice' }),
  email: example('email', email),
  phone_number: example('phone_number', { format: 'phone_number', phone_number: '+12065550100' }),
  account: example('account', { format: 'account', uri: 'acct:alice@localhost' }),
  iss_sub: example('iss_sub', { format: 'iss_sub', iss: 'http://localhost:3000', sub }),
  opaque: example('opaque', { format: 'opaque', id: sub }),
  did: example('did (where users have one)', { format: 'did', url: 'did:example:alice' }),
  uri: example('uri (where users have one)', { format: 'uri', uri: 'https://people.example.com/alice' }),
  aliases: example('aliases', { format: 'aliases', identifiers: [email, { format: 'uid', id: 'alice' }] }),
};
