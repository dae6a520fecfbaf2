import { Between, type EntityTarget, type FindOptionsWhere } from 'typeorm';
import { CommandFailure } from './failure.js';
import type { HostApp } from './host-app.js';
import { readRecords } from './read-records.js';
import { printable } from './terminal-text.js';

/** Minimum length of an id in a list. */
const SHORTEST = 8;
/** How many ids an error message names. */
const NAMED = 5;

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const FIRST = '00000000-0000-0000-0000-000000000000';
const LAST = FIRST.replaceAll('0', 'f');

/** A record with a UUID. */
interface Recorded {
  id: string;
}

/** Shortens ids to the length at which these records differ, at least 8 characters. */
export function shortIds(records: readonly Recorded[]): (record: Recorded) => string {
  const distinct = (length: number): number => new Set(records.map(({ id }) => id.slice(0, length))).size;
  let length = SHORTEST;
  while (length < FIRST.length && distinct(length) < distinct(FIRST.length)) length += 1;
  return ({ id }) => id.slice(0, length);
}

/**
 * Finds the one record whose id begins with a text.
 *
 * @param list command that shows the ids
 * @throws CommandFailure if there is none, or more than one
 * @throws RevocationError `unavailable`
 */
export async function recordBeginning<Row extends Recorded>(
  host: HostApp,
  entity: EntityTarget<Row>,
  text: string,
  list: string,
): Promise<Row> {
  const beginning = text.toLowerCase();
  const [from, to] = [FIRST, LAST].map((id) => beginning + id.slice(beginning.length));
  const where = { id: Between(from, to) } as FindOptionsWhere<Row>;
  const isUuid = beginning !== '' && UUID.test(from!);
  const options = { where, order: { id: 'ASC' } as never, take: NAMED + 1 };
  const rows = isUuid ? await readRecords(host, (manager) => manager.find(entity, options)) : [];
  const [only, another] = rows;
  if (!only) throw new CommandFailure('not_found', `no record begins with '${printable(text)}'; see \`${list}\``);
  if (!another) return only;
  const ids = rows.slice(0, NAMED).map(({ id }) => id);
  const more = rows.length > NAMED ? ' and more' : '';
  const problem = `several records begin with '${beginning}': ${ids.join(', ')}${more}`;
  throw new CommandFailure('refused', `${problem}; give more characters of the one you mean`);
}
