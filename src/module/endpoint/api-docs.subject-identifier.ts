import { aliases } from '../subject/formats/aliases.js';
import { attributeFormat } from '../subject/formats/attribute.js';
import type { IdentifierFormat } from '../subject/formats/identifier-format.js';
import { rfc9493Formats } from '../subject/formats/identifier-formats.js';

const uid = attributeFormat('uid');

type Names = { enum: string[] } | { pattern: string };

const schemaOf = ({ title, members }: IdentifierFormat, names: Names) => ({
  title,
  type: 'object' as const,
  required: ['format', ...Object.keys(members)],
  additionalProperties: false,
  properties: {
    format: { type: 'string' as const, ...names },
    ...Object.fromEntries(
      Object.entries(members).map(([name, member]) => [name, { type: 'string' as const, minLength: 1, ...member }]),
    ),
  },
});

/** Allows entries in any format, because entries in unsupported formats are ignored. @see RFC 9493 §3.2.8 */
const aliasesSchema = {
  title: aliases.title,
  type: 'object' as const,
  required: ['format', 'identifiers'],
  additionalProperties: false,
  properties: {
    format: { type: 'string' as const, enum: ['aliases'] },
    identifiers: {
      type: 'array' as const,
      description: aliases.description,
      minItems: 1,
      maxItems: aliases.max,
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
    'Subject identifier (RFC 9493), or an attribute of the user (Janssen profile), in a format that this server supports.',
  oneOf: [
    schemaOf(uid, { pattern: '^(?!(iss_sub|opaque|aliases)$)[^\\u0000-\\u001f]+$' }),
    ...[...rfc9493Formats].map(([name, format]) => schemaOf(format, { enum: [name] })),
    aliasesSchema,
  ],
};

type Example = { title: string; example: object; exampleNote?: string };

const exampleOf = (format: string, { title, example, exampleNote }: Example) => ({
  summary: exampleNote === undefined ? title : `${title}, ${exampleNote}`,
  value: { sub_id: { format, ...example } },
});

/** One example per format, with users of the demo. */
export const subjectIdentifierExamples = Object.fromEntries(
  [['uid', uid] as const, ...rfc9493Formats, ['aliases', aliases] as const].map(([name, format]) => [
    name,
    exampleOf(name, format),
  ]),
);
