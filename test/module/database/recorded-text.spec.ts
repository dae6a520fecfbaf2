import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OperatorChanges } from '../../../src/module/audit/operator-changes.js';
import { Change } from '../../../src/module/audit/change.entity.js';
import { DatabaseDeadline } from '../../../src/module/database/deadline.js';
import { recordedText } from '../../../src/module/database/recorded-text.js';
import { TypeOrmFeatureFlagStore } from '../../../src/module/feature-flags/typeorm-feature-flag.store.js';
import { FeatureFlag } from '../../../src/module/feature-flags/feature-flag.entity.js';
import { Revocation } from '../../../src/module/revocation/revocation.entity.js';
import { describeEachDatabase } from '../../support/databases.js';
import { databaseFixture } from './open-database.js';

const face = '\u{1F600}';
const family = '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}';
const combining = '\u0301';

describe('text that is only recorded', () => {
  test.each<[title: string, text: unknown, max: number, recorded: string]>([
    ['short', 'password changed', 255, 'password changed'],
    ['as long as may be', 'x'.repeat(8), 8, 'x'.repeat(8)],
    ['longer', 'x'.repeat(9), 8, 'x'.repeat(8)],
    ['a character of two halves at the end', `xxxxxxx${face}`, 8, 'xxxxxxx'],
    ['one of several code points', `xxx${family}`, 8, 'xxx'],
    ['a mark on the last letter', `xxxxxxxq${combining}`, 8, 'xxxxxxx'],
    ['marks without end', `q${combining.repeat(90)}`, 8, `q${combining.repeat(7)}`],
    ['decomposed', `e${combining}`, 8, '\u00E9'],
    ['a lone surrogate', 'a\uD800b', 8, 'a\uFFFDb'],
    ['NUL', 'a\0b', 8, 'a\uFFFDb'],
    ['no text', undefined, 8, ''],
    ['null', null, 8, ''],
    ['a number', 42, 8, '42'],
    ['true', true, 8, 'true'],
  ])('%s is recorded in a form that every database accepts', (_title, text, max, recorded) => {
    expect(recordedText(text, max)).toBe(recorded);
  });

  test('no text gets longer or ends in half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.integer({ min: 1, max: 40 }), (text, max) => {
        const recorded = recordedText(text, max);
        expect(recorded.length).toBeLessThanOrEqual(max);
        expect(recorded).not.toMatch(/[\0\p{Cs}]/u);
      }),
    );
  });
});

describeEachDatabase('what is recorded', (database) => {
  const open = databaseFixture(database);

  const hostile = [
    'x'.repeat(5000),
    face.repeat(300),
    family.repeat(90),
    '密码已更改'.repeat(90),
    '\uD83D'.repeat(300),
    'a\0b',
  ];
  const members = ['actor', 'reason', 'method', 'keyId', 'format', 'identifierHash', 'sourceIp', 'requestId'] as const;

  test.each(members.flatMap((member) => hostile.map((text, i) => [member, i, text] as const)))(
    'a revocation with the %s of case %i succeeds, and its record is cut',
    async (member, i, text) => {
      const subject = `${member}-${i}`;
      const before = await open.epochs.epochForSignIn(subject);
      const id = await open.revocations.revoke(subject, { actor: 'test', [member]: text });
      expect(await open.epochs.isCurrent(subject, before)).toBe(false);
      const record = await open.dataSource.getRepository(Revocation).findOneByOrFail({ id });
      const { length } = open.dataSource.getMetadata(Revocation).findColumnWithPropertyName(member)!;
      expect(record[member]).toBe(member === 'sourceIp' ? '' : recordedText(text, Number(length)));
    },
  );

  test.each([
    ['a null', null],
    ['a boolean', true],
    ['an object', {}],
    ['NaN', Number.NaN],
  ])('a revocation succeeds with %s in place of text or a number', async (_title, value) => {
    const wrong = Object.fromEntries([...members, 'matched'].map((m) => [m, value]));
    const before = await open.epochs.epochForSignIn('wrong');
    await open.revocations.revoke('wrong', { actor: 'test', ...wrong } as never);
    expect(await open.epochs.isCurrent('wrong', before)).toBe(false);
  });

  test.each(hostile)('a Unicode account id of the maximum length is recorded (case %#)', async (text) => {
    const subject = text.slice(0, 200);
    const before = await open.epochs.epochForSignIn(subject);
    await open.revocations.revoke(subject, { actor: 'test' });
    expect(await open.epochs.isCurrent(subject, before)).toBe(false);
  });

  test.each(hostile)('a change by the operator of case %# is made and recorded', async (text) => {
    const changes = new OperatorChanges(open.dataSource, new DatabaseDeadline(20_000));
    const flags = new TypeOrmFeatureFlagStore(open.dataSource);
    const intention = { actor: text, action: text, target: text };
    await changes.make(intention, async (manager) => {
      await flags.write('GLOBAL_TOKEN_REVOCATION', false, text, manager);
      return { before: text.repeat(20), after: text };
    });
    const rows = await open.dataSource.getRepository(Change).find({ order: { createdAt: 'DESC' }, take: 1 });
    expect(rows[0]!.actor.length).toBeLessThanOrEqual(255);
    const [flag] = await open.dataSource.getRepository(FeatureFlag).find();
    expect(flag).toMatchObject({ enabled: 0, updatedBy: recordedText(text, 255) });
  });
});
