type Members = Record<string, { type: 'string'; minLength: number; description: string }>;

const member = (description: string) => ({ type: 'string' as const, minLength: 1, description });

const format = (title: string, names: { enum: string[] } | { pattern: string }, members: Members) => ({
  title,
  type: 'object' as const,
  required: ['format', ...Object.keys(members)],
  additionalProperties: false,
  properties: { format: { type: 'string' as const, ...names }, ...members },
});

/** @see RFC 9493 §3 */
export const subjectIdentifierSchema = {
  description: 'Subject identifier (RFC 9493), or an attribute of the user (Janssen profile).',
  oneOf: [
    format(
      'Attribute of the user',
      { pattern: '^(?!(iss_sub|opaque)$)[^\\u0000-\\u001f]+$' },
      { id: member('Value of the attribute that `format` names, e.g. `uid`.') },
    ),
    format('E-mail address', { enum: ['email'] }, { email: member('E-mail address; case does not count.') }),
    format(
      'Issuer and subject',
      { enum: ['iss_sub'] },
      { iss: member('Issuer identifier of this server.'), sub: member('Account id: `sub` of its ID tokens.') },
    ),
    format('Account id', { enum: ['opaque'] }, { id: member('Account id: `sub` of the ID tokens.') }),
  ],
};

/** One example for each format, with people of the demo. */
export const subjectIdentifierExamples = {
  uid: { summary: 'uid (an attribute)', value: { sub_id: { format: 'uid', id: 'alice' } } },
  email: { summary: 'email', value: { sub_id: { format: 'email', email: 'alice@example.com' } } },
  iss_sub: {
    summary: 'iss_sub',
    value: { sub_id: { format: 'iss_sub', iss: 'http://localhost:3000', sub: '5a1c0a3e-0000-4000-8000-00000000a11c' } },
  },
  opaque: { summary: 'opaque', value: { sub_id: { format: 'opaque', id: '5a1c0a3e-0000-4000-8000-00000000a11c' } } },
};
