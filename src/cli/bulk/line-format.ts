import { CommandFailure } from '../failure.js';
import { membersOf, type SubjectOptions } from '../subject.command.js';
import { printable } from '../terminal-text.js';
import type { KnownFormat } from '../user-administration.js';

/**
 * Returns how a line names a user: with `--format`, it is the member that no option names, such as the address of `email` or,
 * with `--iss`, the `sub` of `iss_sub`. Without, it is the whole identifier as JSON.
 *
 * @throws CommandFailure for an unknown format, or one with several members that no option names
 */
export function lineFormat(options: SubjectOptions, formats: readonly KnownFormat[]): (line: string) => string {
  const members = membersOf(options);
  const given = Object.entries(members).filter(([name, value]) => name !== 'format' && value !== undefined);
  if (options.subId !== undefined) throw new CommandFailure('usage', '--from names the users: omit --sub-id');
  if (members.format === undefined) {
    if (given.length > 0) throw new CommandFailure('usage', `--${given[0]![0]} needs a format: add --format NAME`);
    return (line) => line;
  }
  const known = formats.find(({ name }) => name === members.format);
  const names = formats.map(({ name }) => name).join(', ');
  if (!known) {
    throw new CommandFailure(
      'usage',
      `unknown format '${printable(members.format)}'; formats of this server: ${names}`,
    );
  }
  const open = known.members.filter((name) => !given.some(([each]) => each === name));
  if (open.length !== 1 || given.length !== known.members.length - 1) {
    const all = known.members.join(' and ');
    throw new CommandFailure(
      'usage',
      `--from reads one member of ${known.name} (${all}) from each line: give exactly the others as options`,
    );
  }
  return (line) => JSON.stringify({ ...members, [open[0]!]: line });
}
