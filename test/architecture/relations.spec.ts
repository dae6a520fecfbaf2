import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { getMetadataArgsStorage } from 'typeorm';
import type { RelationMetadataArgs } from 'typeorm/metadata-args/RelationMetadataArgs.js';
import { expect, it } from 'vitest';

const nameOf = (type: unknown): string => (typeof type === 'function' ? type.name : String(type));

/** Relations that lead back: a declared inverse side, a one-to-many, or two entities that name each other. */
function twoWay(relations: RelationMetadataArgs[]): string[] {
  const edges = relations.map(({ target, propertyName, type, inverseSideProperty, relationType }) => {
    const from = nameOf(target);
    const to = nameOf(typeof type === 'function' && type.prototype === undefined ? (type as () => unknown)() : type);
    return {
      from,
      to,
      title: `${from}.${propertyName}`,
      back: inverseSideProperty !== undefined || relationType === 'one-to-many',
    };
  });
  return edges
    .filter(({ from, to, back }) => back || edges.some((other) => other.from === to && other.to === from))
    .map(({ title }) => title);
}

it('relations between entities of src point one way only', async () => {
  const files = (await readdir('src', { recursive: true })).filter(
    (file) => file.endsWith('.entity.ts') && !file.includes('/dist/'),
  );
  const modules: object[] = await Promise.all(files.map((file) => import(resolve('src', file)) as Promise<object>));
  const own = new Set<unknown>(modules.flatMap((module) => Object.values(module) as unknown[]));
  expect(files.length).toBeGreaterThan(0);
  expect(twoWay(getMetadataArgsStorage().relations.filter(({ target }) => own.has(target)))).toEqual([]);
});

class Session {}
class Grant {}
const grantOfSession: RelationMetadataArgs = {
  target: Session,
  propertyName: 'grant',
  isLazy: false,
  relationType: 'many-to-one',
  type: () => Grant,
  options: {},
};

it('accepts a single relation', () => {
  expect(twoWay([grantOfSession])).toEqual([]);
});

it.each<[string, Partial<RelationMetadataArgs>, string[]]>([
  ['an inverse side', { inverseSideProperty: 'sessions' }, ['Session.grant']],
  ['a one-to-many', { relationType: 'one-to-many' }, ['Session.grant']],
])('finds %s', (_title, change, found) => {
  expect(twoWay([{ ...grantOfSession, ...change }])).toEqual(found);
});

it('finds a second relation in the other direction given by name', () => {
  const back = { ...grantOfSession, target: Grant, propertyName: 'session', type: 'Session' };
  expect(twoWay([grantOfSession, back])).toEqual(['Session.grant', 'Grant.session']);
});
