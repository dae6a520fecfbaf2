/** The user's sessions and tokens were revoked. @see OpenID.CAEP §3.1 */
export const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';

/** A receiver wants to see that a stream works. @see OpenID.SSF §8.1.4.1 */
export const VERIFICATION = 'https://schemas.openid.net/secevent/ssf/event-type/verification';

/** The transmitter has changed the status of a stream. @see OpenID.SSF §8.1.5 */
export const STREAM_UPDATED = 'https://schemas.openid.net/secevent/ssf/event-type/stream-updated';

/** Event types that streams deliver on request. */
export const SUPPORTED: readonly string[] = [SESSION_REVOKED];

/** Event about a stream itself, stored as JSON with its delivery. */
export interface StreamEvent {
  type: typeof VERIFICATION | typeof STREAM_UPDATED;
  claims: Readonly<Record<string, string>>;
}

/** Returns the stored form of an event. */
export const stored = ({ type, claims }: StreamEvent): string => JSON.stringify({ type, claims });

/** How the stored form of {@link STREAM_UPDATED} begins. Receivers can put its name into claims of other events. */
export const STORED_UPDATE = `{"type":"${STREAM_UPDATED}"`;

/** Name of the sink in deliveries. */
export const SINK = 'shared-signals';
