import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import { registerDecorator, validateSync } from 'class-validator';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { RevocationError } from '../revocation.errors.js';
import { isJsonObject } from '../subject/formats/identifier-format.js';
import {
  isSubjectIdentifier,
  parseSubjectIdentifier,
  type SubjectIdentifier,
  type SupportedFormats,
} from '../subject/subject-identifier.js';
import { UserDirectory } from '../subject/user-directory.js';
import { parseStrictJson } from './strict-json.js';

/** Property constraint: a subject identifier of one of the formats the request is checked against. @see RFC 9493 §3 */
function IsSubjectIdentifier(): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'isSubjectIdentifier',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value, args) => isSubjectIdentifier(value, (args!.object as RevocationRequest).supported),
      },
    });
}

/** Body of the request: exactly one member. @see draft-parecki-oauth-global-token-revocation-06 §3.2 */
export class RevocationRequest {
  /** @param supported formats the host supports */
  constructor(
    readonly supported: SupportedFormats,
    sub_id: unknown,
  ) {
    this.sub_id = sub_id;
  }

  /** Subject identifier of the user to revoke. */
  @IsSubjectIdentifier()
  readonly sub_id: unknown;
}

/** Step 4: raw bytes → a valid subject identifier. @see draft-parecki-oauth-global-token-revocation-06 §3.2 */
@Injectable()
export class RevocationRequests {
  private readonly members: readonly string[];

  constructor(
    @Inject(UserDirectory) private readonly directory: UserDirectory,
    @Inject(GLOBAL_REVOCATION_OPTIONS) { acceptSubjectMember }: ResolvedOptions,
  ) {
    this.members = acceptSubjectMember ? ['sub_id', 'subject'] : ['sub_id'];
  }

  /** @throws RevocationError `malformedJson`, `malformedRequest`, `differentSubjects`, `unsupportedFormat`, `invalidIdentifier` */
  parse(bytes: Uint8Array | undefined): SubjectIdentifier {
    const body = bytes && parseStrictJson(bytes);
    if (!isJsonObject(body)) throw new RevocationError('malformedJson');
    const request = new RevocationRequest(this.directory, this.onlyMember(body));
    const identifier = parseSubjectIdentifier(request.sub_id, this.directory);
    if (validateSync(request).length > 0) throw new RevocationError('invalidIdentifier');
    return identifier;
  }

  /** The one member; twice under both names is once. */
  private onlyMember(body: Record<string, unknown>): unknown {
    const names = Object.keys(body);
    if (names.length === 0 || !names.every((name) => this.members.includes(name))) {
      throw new RevocationError('malformedRequest');
    }
    const [first, ...more] = Object.values(body);
    if (!more.every((value) => isDeepStrictEqual(value, first))) throw new RevocationError('differentSubjects');
    return first;
  }
}
