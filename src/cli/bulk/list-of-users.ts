import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { RevocationError, type SubjectIdentifier } from 'nestjs-global-revocation';
import { CommandFailure } from '../failure.js';
import { count, printable } from '../terminal-text.js';

/** Maximum number of lines that a message names. */
const NAMED_MAX = 10;

/** A user in the list. */
export interface ListedUser {
  /** Number of the line, from 1. */
  line: number;
  /** Subject identifier, as JSON. */
  subId: string;
  identifier: SubjectIdentifier;
}

/**
 * Reads a list of users, one per line. Empty lines are skipped.
 *
 * @param file path, or `-` for standard input
 * @param subIdOf returns the identifier of a line, as JSON
 * @param parse parses it; throws RevocationError if it is invalid
 * @throws CommandFailure that names the lines that are invalid
 */
export async function readListOfUsers(
  file: string,
  subIdOf: (text: string) => string,
  parse: (subId: string) => SubjectIdentifier,
): Promise<ListedUser[]> {
  const users: ListedUser[] = [];
  const invalid: string[] = [];
  for (const [index, text] of (await readText(file)).split(/\r?\n/).entries()) {
    if (text === '') continue;
    const [line, subId] = [index + 1, subIdOf(text)];
    try {
      users.push({ line, subId, identifier: parse(subId) });
    } catch (error) {
      if (!(error instanceof RevocationError)) throw error;
      invalid.push(`line ${line}: not a valid subject identifier: ${printable(subId)}`);
    }
  }
  if (invalid.length > 0) {
    const more = invalid.length > NAMED_MAX ? [`and ${count(invalid.length - NAMED_MAX, 'more line')}`] : [];
    const named = [...invalid.slice(0, NAMED_MAX), ...more].join('\n');
    throw new CommandFailure('usage', `nobody was revoked, because some lines are invalid: correct them\n${named}`);
  }
  if (users.length === 0) throw new CommandFailure('usage', 'the list is empty: write one user per line');
  return users;
}

async function readText(file: string): Promise<string> {
  try {
    const bytes = await (file === '-' ? buffer(process.stdin) : readFile(file));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const { message } = cause as Error;
    throw new CommandFailure('usage', `the list cannot be read (${message}): name a file in UTF-8`, { cause });
  }
}
