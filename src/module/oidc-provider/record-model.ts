import type { AdapterPayload } from 'oidc-provider';

/** The user a record belongs to: an interaction to whom it signed in, else to whose session it is bound. */
export const accountOf = ({ accountId, result, session }: AdapterPayload): string | undefined =>
  // While somebody else takes its place, the library unbinds the session (drops its uid) and keeps the name.
  accountId ?? result?.login?.accountId ?? (session?.uid === undefined ? undefined : session.accountId);

/**
 * The second key a record is found by: user code of a device code, uid of a session, device code of an interaction (so that
 * one can tell whether a sign-in with the code is open).
 */
export const lookupOf = (payload: AdapterPayload): string | undefined =>
  payload.userCode ?? payload.uid ?? payload.deviceCode;

/**
 * Models that a request saves again once it has loaded them. Of these an expired record is none, whatever `clockTolerance`
 * the library is given: it hands down no epoch to be saved with.
 */
export const savedAgain: ReadonlySet<string> = new Set(['Session', 'Interaction']);

/** Models whose records end with the grant they were issued under. */
export const OF_GRANTS = [
  'AccessToken',
  'RefreshToken',
  'AuthorizationCode',
  'DeviceCode',
  'BackchannelAuthenticationRequest',
  'PreAuthorizedCode',
] as const;
