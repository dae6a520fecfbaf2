import { expectUnderstood, understood } from '../control.js';
import { expectStatus } from '../expect.js';
import { type Check, type Requirement, type RequirementGroup, requirementsOf } from '../requirement.js';
import type { SubId } from '../signed-in.js';
import type { Target } from '../target.js';

const rfc = requirementsOf('RFC 9493', { needs: ['caller'] });

/** Each of these gets 400. */
async function expectRejected(target: Target, identifiers: readonly unknown[]): Promise<void> {
  for (const identifier of identifiers) expectStatus(await target.revoke(identifier), 400);
}

/** Each of these gets 400 from a server that accepts others. */
const rejected =
  (...identifiers: unknown[]): Check =>
  async (target) => {
    await understood(target);
    await expectRejected(target, identifiers);
  };

/** Requirements of one format: a valid identifier, and ways in which the others are invalid. */
function format(section: string, valid: SubId, ...invalid: SubId[]): Requirement[] {
  const { format: name, ...members } = valid as { format: string };
  const feature = `format ${name}`;
  const missing = Object.keys(members).map((left) =>
    Object.fromEntries(Object.entries(valid).filter(([member]) => member !== left)),
  );
  const wrong = Object.keys(members).flatMap((member) =>
    ['', 1, null, [], {}].map((value) => ({ ...valid, [member]: value })),
  );
  const accepted: Check = async (target) => {
    expectStatus(await target.revoke((await target.anyPerson()).identifier(name)), 204);
  };
  const rejected =
    (...identifiers: SubId[]): Check =>
    async (target) => {
      expectUnderstood(await target.revoke(valid));
      await expectRejected(target, identifiers);
    };
  return [
    rfc.must(`${section} (a)`, `${name}: the person's identifier gets 204`, accepted, {
      feature,
      needs: ['--sign-in'],
    }),
    rfc.must(`${section} (b)`, `${name}: a missing member gets 400`, rejected(...missing), { feature }),
    rfc.must(`${section} (c)`, `${name}: an extra member gets 400`, rejected({ ...valid, more: 'x' }), { feature }),
    rfc.must(`${section} (d)`, `${name}: an invalid value gets 400`, rejected(...wrong, ...invalid), { feature }),
  ];
}

const aliases = (identifiers: unknown) => ({ format: 'aliases', identifiers });

/** Requirements about subject identifiers. */
export const identifiers: RequirementGroup = {
  title: 'Subject identifiers',
  requirements: [
    rfc.must(
      '3 (a)',
      'An identifier without a format gets 400',
      rejected({}, { id: 'x' }, { format: '', id: 'x' }, { format: 1, id: 'x' }),
    ),
    rfc.must(
      '3 (b)',
      'An unknown format gets 400',
      rejected({ format: 'conformance', id: 'x' }, { format: '__proto__', id: 'x' }),
    ),
    ...format(
      '3.2.1',
      { format: 'account', uri: 'acct:nobody@example.com' },
      { format: 'account', uri: 'nobody@example.com' },
    ),
    ...format('3.2.2', { format: 'email', email: 'nobody@example.com' }, { format: 'email', email: 'nobody' }),
    rfc.should(
      '3.2.2 (e)',
      'email: the domain is not case-sensitive',
      async (target) => {
        const { email } = (await target.anyPerson()).identifier('email') as { email: string };
        const at = email.lastIndexOf('@');
        const written = email.slice(0, at) + email.slice(at).toUpperCase();
        expectStatus(await target.revoke({ format: 'email', email: written }), 204);
      },
      { needs: ['--sign-in'], feature: 'format email' },
    ),
    ...format('3.2.3', { format: 'iss_sub', iss: 'https://issuer.example.com', sub: 'nobody' }),
    ...format('3.2.4', { format: 'opaque', id: 'nobody' }),
    ...format(
      '3.2.5',
      { format: 'phone_number', phone_number: '+12065550199' },
      { format: 'phone_number', phone_number: '2065550199' },
    ),
    ...format('3.2.6', { format: 'did', url: 'did:example:123456' }, { format: 'did', url: 'https://example.com' }),
    ...format('3.2.7', { format: 'uri', uri: 'https://example.com/nobody' }, { format: 'uri', uri: 'no scheme' }),
    rfc.must(
      '3.2.8 (a)',
      'aliases: several identifiers of the person get 204',
      async (target) => {
        const { person } = await target.anyPerson();
        expectStatus(await target.revoke(aliases(person.identifiers)), 204);
      },
      { needs: ['--sign-in'], feature: 'format aliases' },
    ),
    rfc.must(
      '3.2.8 (b)',
      'aliases: an empty list, a nested list, or no list gets 400',
      async (target) => {
        const one = await understood(target);
        expectUnderstood(await target.revoke(aliases([one])));
        await expectRejected(target, [{ format: 'aliases' }, ...[[], one, [aliases([one])]].map(aliases)]);
      },
      { feature: 'format aliases' },
    ),
  ],
};
