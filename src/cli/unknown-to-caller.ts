import {
  type CallerRestrictions,
  RevocationError,
  type SubjectIdentifier,
  type UserLookupService,
} from 'nestjs-global-revocation';
import { mayUse } from 'nestjs-global-revocation/administration';

/**
 * Looks up the user that a caller names, as the endpoint does.
 *
 * @throws RevocationError whose details say, unlike the endpoint, whether a restriction of the caller is the reason
 */
export async function findFor(
  restrictions: CallerRestrictions | undefined,
  identifier: SubjectIdentifier,
  users: UserLookupService,
  ourIssuer: string,
): Promise<void> {
  try {
    await users.find(identifier, restrictions);
  } catch (error) {
    if (!isUnknown(error)) throw error;
    throw new RevocationError('unknownSubject', {
      details: await whyUnknown(restrictions, identifier, users, ourIssuer),
    });
  }
}

async function whyUnknown(
  ...[restrictions, identifier, users, ourIssuer]: Parameters<typeof findFor>
): Promise<string> {
  const mayAny = !restrictions || identifier.identifiers.some((each) => mayUse(each, restrictions, ourIssuer));
  if (!mayAny) return "the caller's restrictions do not allow this format or issuer";
  return (await isThere(identifier, users))
    ? "a user matches, but the caller's restrictions exclude it"
    : 'no user matches';
}

const isUnknown = (error: unknown): boolean => error instanceof RevocationError && error.reason === 'unknownSubject';

/** Returns whether any user matches, revocable or not. */
async function isThere(identifier: SubjectIdentifier, users: UserLookupService): Promise<boolean> {
  try {
    await users.find(identifier);
    return true;
  } catch (error) {
    if (error instanceof RevocationError && error.status < 500) return !isUnknown(error);
    throw error;
  }
}
