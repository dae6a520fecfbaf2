import type { AdapterPayload } from 'oidc-provider';

/** The user a record belongs to: an interaction to whom it signed in, else to whose session it was opened over. */
export const accountOf = (payload: AdapterPayload): string | undefined =>
  payload.accountId ?? payload.result?.login?.accountId ?? payload.session?.accountId;

/** The second key a record is found by: user code of a device code, uid of a session. */
export const lookupOf = (payload: AdapterPayload): string | undefined => payload.userCode ?? payload.uid;
