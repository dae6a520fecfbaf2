import { canonicalEmail, emailSpellings } from './email.js';
import { exact, type IdentifierFormat } from './identifier-format.js';

/** Names of the Janssen profile that are e-mail addresses. */
const EMAIL_ATTRIBUTES = new Set(['mail', 'email']);

/** Returns the format for an attribute name of the Janssen profile. @see Janssen Server, Global Token Revocation @publicApi */
export const attributeFormat = (name: string): IdentifierFormat => ({
  title: 'Attribute of the user',
  members: { id: { description: 'Value of the attribute that `format` names, e.g. `uid`.' } },
  member: 'id',
  canonical: EMAIL_ATTRIBUTES.has(name) ? canonicalEmail : exact,
  ...(EMAIL_ATTRIBUTES.has(name) && { spellings: emailSpellings }),
  example: { id: 'alice' },
  exampleNote: 'such as uid',
});
