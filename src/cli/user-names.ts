import { Inject, Injectable } from '@nestjs/common';
import { In, type ObjectLiteral } from 'typeorm';
import {
  GLOBAL_REVOCATION_OPTIONS,
  type ResolvedOptions,
  TypeOrmUserDirectory,
  UserDirectory,
  type UserSource,
} from 'nestjs-global-revocation';
import { HostApp } from './host-app.js';
import { readRecords } from './read-records.js';

/** Attributes that contain a readable name, the best first. */
const NAMES = ['uid', 'login', 'username', 'user_name', 'preferred_username', 'mail', 'email'];

/** Returns the name of an account; its id if no name is known. */
export type NameOf = (subject: string) => string;

/** Readable names of accounts, if the users are rows of a table and have a name. */
@Injectable()
export class UserNames {
  /** Names by account id; the id itself if there is no name. */
  private readonly known = new Map<string, string>();

  constructor(@Inject(HostApp) private readonly host: HostApp) {}

  /** Reads the names of these accounts. Never throws: if the database does not answer, it returns the ids. */
  async of(subjects: readonly string[]): Promise<NameOf> {
    const unknown = [...new Set(subjects)].filter((subject) => !this.known.has(subject));
    if (unknown.length > 0) await this.read(unknown).catch(() => {});
    return (subject) => this.known.get(subject) ?? subject;
  }

  private async read(subjects: readonly string[]): Promise<void> {
    const { users } = await this.host.get<ResolvedOptions>(GLOBAL_REVOCATION_OPTIONS);
    const isTable = (await this.host.get(UserDirectory)) instanceof TypeOrmUserDirectory;
    const property = users && isTable ? namingProperty(users) : undefined;
    const found = property === undefined ? [] : await this.rows(users!, property, subjects);
    for (const subject of subjects) this.known.set(subject, subject);
    for (const [subject, name] of found) this.known.set(subject, name);
  }

  private async rows(
    { entity, subject }: UserSource,
    property: string,
    subjects: readonly string[],
  ): Promise<Array<readonly [subject: string, name: string]>> {
    const select = { [subject]: true, [property]: true };
    const where = { [subject]: In(subjects) };
    const rows = await readRecords(this.host, (manager) =>
      manager.find<ObjectLiteral>(entity, { select, where, withDeleted: true }),
    );
    return rows
      .filter((row) => typeof row[property] === 'string' && row[property] !== '')
      .map((row) => [String(row[subject]), row[property] as string] as const);
  }
}

/** Returns the property that holds the name; undefined if none is mapped. */
function namingProperty({ attributes = {}, email }: UserSource): string | undefined {
  const mapped = [...NAMES.map((name) => attributes[name]), email];
  return mapped.find((mapping) => typeof mapping === 'string');
}

/** Returns an account id, and its name if known. */
export const accountInWords = (subject: string, nameOf: NameOf): string => {
  const name = nameOf(subject);
  return name === subject ? subject : `${subject} (${name})`;
};
