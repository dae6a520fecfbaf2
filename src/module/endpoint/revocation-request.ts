import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import { registerDecorator, validateSync } from 'class-validator';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { isObject } from '../options/schema.js';
import { type RefusalReason, RevocationError } from '../revocation.errors.js';
import { readSubjectIdentifier, type SubjectIdentifier } from '../subject/subject-identifier.js';
import { UserDirectory } from '../subject/user-directory.js';
import { type SupportedFormats, UNSUPPORTED } from '../subject/user-identifier.js';
import { parseStrictJson } from './strict-json.js';

/** Property constraint that is named after the refusal of a violation. */
const OrRefuse =
  (name: RefusalReason, holds: (request: RevocationRequest) => boolean): PropertyDecorator =>
  (target, propertyName) =>
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: propertyName as string,
      validator: { validate: (_value, args) => holds(args!.object as RevocationRequest) },
    });

/** The one member of the body, for class-validator. @see draft-parecki-oauth-global-token-revocation-06 §3.2 */
class RevocationRequest {
  /** Parsed `sub_id`. @see RFC 9493 §3 */
  readonly identifier: SubjectIdentifier | typeof UNSUPPORTED | undefined;

  @OrRefuse('unsupportedFormat', ({ identifier }) => identifier !== UNSUPPORTED)
  @OrRefuse('invalidIdentifier', ({ identifier }) => identifier !== undefined)
  readonly sub_id: unknown;

  constructor(sub_id: unknown, supported: SupportedFormats) {
    this.sub_id = sub_id;
    this.identifier = readSubjectIdentifier(sub_id, supported);
  }
}

/** Step 4: parses raw bytes into a valid subject identifier. @see draft-parecki-oauth-global-token-revocation-06 §3.2 @publicApi */
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
    if (!isObject(body)) throw new RevocationError('malformedJson');
    const request = new RevocationRequest(this.onlyMember(body), this.directory);
    const [broken] = validateSync(request, { validationError: { target: false, value: false } });
    if (broken) throw new RevocationError(Object.keys(broken.constraints!)[0] as RefusalReason);
    return request.identifier as SubjectIdentifier;
  }

  /** Returns the one member; both names with the same value count once. class-validator's whitelist lets `constructor` pass. */
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
