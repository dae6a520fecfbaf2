import { Injectable } from '@nestjs/common';
import { type UserCandidate, UserDirectory, type UserIdentifier } from 'nestjs-global-revocation';

/** The people of this company, from a system that is no table of ours. */
const STAFF = [
  { number: 'e-17', mail: 'alice@example.com' },
  { number: 'e-18', mail: 'bob@example.com' },
];

@Injectable()
export class StaffDirectory extends UserDirectory {
  readonly formats = ['email', 'opaque'] as const;

  async find({ format }: UserIdentifier): Promise<UserCandidate[]> {
    return STAFF.map(({ number, mail }) => ({ subject: number, value: format === 'email' ? mail : number }));
  }
}
