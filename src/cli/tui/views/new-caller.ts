import type { CallerRestrictions } from 'nestjs-global-revocation';
import type { NewClient } from '../../client-administration.js';
import { keysAt, keysInFile } from '../../client-keys.js';
import { CommandFailure, InvalidValue } from '../../failure.js';
import { checkClientId, parseNames, parseScope, restrictionsOf } from '../../new-client.js';
import type { UserAdministration } from '../../user-administration.js';
import type { FormField } from '../form.js';

/** The typed values, by field. */
export type FormValues = Readonly<Record<keyof typeof EMPTY, string>>;

const USUAL = 'as configured';

export const EMPTY = {
  ...{ 'client id': '', name: '', scope: '', formats: '', issuers: '', tenant: '' },
  ...{ 'unknown user': USUAL, keys: '' },
};

/** The fields of the form. The last one must be a text field, because Enter there submits the form. */
export const FIELDS: ReadonlyArray<FormField & { name: keyof typeof EMPTY }> = [
  { name: 'client id', hint: '1 to 255 visible ASCII characters' },
  { name: 'name', hint: 'display name; if empty, the client id' },
  { name: 'scope', hint: 'scope names, separated by spaces' },
  { name: 'formats', hint: 'identifier formats it may use, separated by commas; if empty, all' },
  { name: 'issuers', hint: 'values of iss it may use, separated by commas; if empty, all' },
  { name: 'tenant', hint: 'only users of this tenant; if empty, all users' },
  { name: 'unknown user', hint: 'the answer if no user is found', choices: [USUAL, 'not_found', 'no_content'] },
  { name: 'keys', hint: 'https URL of its JWKS, or a file with its public keys; if empty, it gets a secret' },
];

/** Reads the form by the rules of the command line. @throws CommandFailure that names the field */
export async function newClient(values: FormValues, users: UserAdministration): Promise<NewClient> {
  const { 'client id': clientId, name, 'unknown user': answer } = values;
  const read = <T>(field: keyof FormValues, parse: (text: string) => T): T | undefined => {
    try {
      return values[field] === '' ? undefined : parse(values[field]);
    } catch (cause) {
      if (!(cause instanceof InvalidValue)) throw cause;
      throw new CommandFailure('usage', `'${values[field]}' is invalid for ${field}. ${cause.message}`, { cause });
    }
  };
  checkClientId(clientId);
  const formats = read('formats', parseNames);
  await users.checkFormats(formats ?? []);
  const unknownSubject = answer === USUAL ? undefined : (answer as CallerRestrictions['unknownSubject']);
  return {
    clientId,
    name: name || clientId,
    scope: read('scope', parseScope) ?? '',
    restrictions: restrictionsOf({
      ...{ formats, issuers: read('issuers', parseNames), unknownSubject },
      tenant: read('tenant', (text) => parseNames(text)[0]),
    }),
    keys: read('keys', (text) => (/^https?:/i.test(text) ? keysAt(text) : keysInFile(text))),
  };
}
