import { type Clause, type ClauseGroup, clausesOf } from '../clause.js';
import { expectUnderstood, understood } from '../control.js';
import { expectStatus } from '../expect.js';
import type { SubId } from '../signed-in.js';
import type { Target } from '../target.js';

const rfc = clausesOf('RFC 9493');

/** Every one of these is 400. */
async function expectRefused(target: Target, identifiers: readonly unknown[]): Promise<void> {
  for (const identifier of identifiers) expectStatus(await target.revoke(identifier), 400);
}

/** Every one of these is 400, on a server that understands others. */
const refused =
  (...identifiers: unknown[]): Clause['check'] =>
  async (target) => {
    await understood(target);
    await expectRefused(target, identifiers);
  };

/** The person's identifier of this format is 204. */
const accepted =
  (format: string): Clause['check'] =>
  async (target) => {
    expectStatus(await target.revoke((await target.anyPerson()).identifier(format)), 204);
  };

/** One format: what is valid, and what is wrong about each of the others. */
const format = (number: number, section: string, valid: SubId, ...invalid: SubId[]): Clause[] => {
  const { format: name, ...members } = valid as { format: string };
  const missing = Object.keys(members).map((left) =>
    Object.fromEntries(Object.entries(valid).filter(([member]) => member !== left)),
  );
  const wrong = Object.keys(members).flatMap((member) =>
    ['', 1, null, [], {}].map((value) => ({ ...valid, [member]: value })),
  );
  const refused =
    (...identifiers: SubId[]): Clause['check'] =>
    async (target) => {
      expectUnderstood(await target.revoke(valid));
      await expectRefused(target, identifiers);
    };
  return [
    rfc.must(number, section, `${name} of the person → 204`, accepted(name)),
    rfc.must(28, section, `${name} without a required member → 400`, refused(...missing)),
    rfc.must(29, section, `${name} with another member → 400`, refused({ ...valid, more: 'x' })),
    rfc.must(number, section, `${name} that is not valid → 400`, refused(...wrong, ...invalid)),
  ];
};

/** How a user is named. */
export const identifiers: ClauseGroup = {
  title: 'Subject identifiers',
  clauses: [
    rfc.must(27, '§3', 'no format → 400', refused({}, { id: 'x' }, { format: '', id: 'x' }, { format: 1, id: 'x' })),
    rfc.must(
      27,
      '§3',
      'format nobody knows → 400',
      refused({ format: 'conformance', id: 'x' }, { format: '__proto__', id: 'x' }),
    ),
    ...format(
      31,
      '§3.2.1',
      { format: 'account', uri: 'acct:nobody@example.com' },
      { format: 'account', uri: 'nobody@example.com' },
    ),
    ...format(32, '§3.2.2', { format: 'email', email: 'nobody@example.com' }, { format: 'email', email: 'nobody' }),
    rfc.should(33, '§3.2.2', 'email of the person with another case in its domain → 204', async (target) => {
      const { email } = (await target.anyPerson()).identifier('email') as { email: string };
      const at = email.lastIndexOf('@');
      const written = email.slice(0, at) + email.slice(at).toUpperCase();
      expectStatus(await target.revoke({ format: 'email', email: written }), 204);
    }),
    ...format(34, '§3.2.3', { format: 'iss_sub', iss: 'https://issuer.example.com', sub: 'nobody' }),
    ...format(35, '§3.2.4', { format: 'opaque', id: 'nobody' }),
    ...format(
      36,
      '§3.2.5',
      { format: 'phone_number', phone_number: '+12065550199' },
      { format: 'phone_number', phone_number: '2065550199' },
    ),
    ...format(
      37,
      '§3.2.6',
      { format: 'did', url: 'did:example:123456' },
      { format: 'did', url: 'https://example.com' },
    ),
    ...format(38, '§3.2.7', { format: 'uri', uri: 'https://example.com/nobody' }, { format: 'uri', uri: 'no scheme' }),
    rfc.must(39, '§3.2.8', 'aliases of the person → 204', async (target) => {
      const { person } = await target.anyPerson();
      expectStatus(await target.revoke({ format: 'aliases', identifiers: person.identifiers }), 204);
    }),
    rfc.must(39, '§3.2.8', 'aliases that are empty, nested or no list → 400', async (target) => {
      const one = await understood(target);
      const aliases = (identifiers: unknown) => ({ format: 'aliases', identifiers });
      expectUnderstood(await target.revoke(aliases([one])));
      await expectRefused(target, [{ format: 'aliases' }, ...[[], one, [aliases([one])]].map(aliases)]);
    }),
  ],
};
