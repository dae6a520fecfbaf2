import type { AdapterPayload } from 'oidc-provider';

/** Returns the account of a record. For an interaction: who signed in, otherwise the account of the bound session. */
export const accountOf = ({ accountId, result, session }: AdapterPayload): string | undefined =>
  // While another user replaces the session's user, the library drops the session's uid but keeps the account.
  accountId ?? result?.login?.accountId ?? (session?.uid === undefined ? undefined : session.accountId);

/**
 * Returns the second key of a record: user code of a device code, uid of a session, or device code of an interaction
 * (which shows whether a sign-in with the code is open).
 */
export const lookupOf = (payload: AdapterPayload): string | undefined =>
  payload.userCode ?? payload.uid ?? payload.deviceCode;

/**
 * Models that a request saves again after loading them. If expired they count as missing, whatever `clockTolerance` is, so
 * that they pass on no epoch.
 */
export const savedAgain: ReadonlySet<string> = new Set(['Session', 'Interaction']);

/** Models whose dead records `findDead` still reads, so that a page says where a person starts again. */
export const readWhenDead: ReadonlySet<string> = new Set(['Session', 'Interaction']);

/** Models whose records end with their grant. */
export const OF_GRANTS = [
  'AccessToken',
  'RefreshToken',
  'AuthorizationCode',
  'DeviceCode',
  'BackchannelAuthenticationRequest',
  'PreAuthorizedCode',
] as const;
