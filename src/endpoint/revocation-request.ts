import { Inject, Injectable, type PipeTransform } from '@nestjs/common';
import { registerDecorator, validateSync } from 'class-validator';
import { RevocationError } from '../revocation.errors.js';
import {
  isJsonObject,
  parseSubjectIdentifier,
  type SubjectIdentifier,
  type SupportedFormats,
} from '../subject/subject-identifier.js';
import { UserDirectory } from '../subject/user-directory.js';
import { parseStrictJson } from './strict-json.js';

/** Property constraint: a subject identifier of one of the formats the request is checked against. @see RFC 9493 */
function IsSubjectIdentifier(): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'isSubjectIdentifier',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value, args) =>
          parseSubjectIdentifier(value, (args!.object as RevocationRequest).supported) !== undefined,
      },
    });
}

/** Body of the request: exactly one member. @see draft-parecki-oauth-global-token-revocation-05 §4 */
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

/** Step 4: raw bytes → a valid subject identifier. */
@Injectable()
export class ParseRevocationRequest implements PipeTransform<Uint8Array | undefined, SubjectIdentifier> {
  constructor(@Inject(UserDirectory) private readonly directory: UserDirectory) {}

  /** @throws RevocationError `malformedJson`, `malformedRequest`, `invalidIdentifier` (400) */
  transform(bytes: Uint8Array | undefined): SubjectIdentifier {
    const body = bytes && parseStrictJson(bytes);
    if (!isJsonObject(body)) throw new RevocationError('malformedJson');
    if (Object.keys(body).join() !== 'sub_id') throw new RevocationError('malformedRequest');
    const request = new RevocationRequest(this.directory, body['sub_id']);
    if (validateSync(request).length > 0) throw new RevocationError('invalidIdentifier');
    return parseSubjectIdentifier(request.sub_id, request.supported)!;
  }
}
