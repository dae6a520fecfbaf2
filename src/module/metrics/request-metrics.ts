import { Counter, Histogram, type Registry } from 'prom-client';
import type { AuditEvent } from '../audit/audit-event.js';
import { doneBy } from '../audit/request-event.js';
import { isRevocation } from '../audit/revoked-event.js';
import { SIGNED_REQUEST_TYPE } from '../caller/assertion/identity-providers.js';
import { LOGOUT_TOKEN_TYPE } from '../caller/assertion/logout-token.js';
import { logoutRefusals, refusals, stateRefusals } from '../revocation.errors.js';
import { rfc9493Formats } from '../subject/formats/identifier-formats.js';
import { boundedLabel } from './bounded-label.js';

/** Authentication methods, and `in_process`. */
const METHODS = [
  ...['client_secret_basic', 'Bearer', 'DPoP', 'private_key_jwt', SIGNED_REQUEST_TYPE, LOGOUT_TOKEN_TYPE],
  'in_process',
];
const REASONS = [...refusals(), ...stateRefusals(), ...logoutRefusals()].map(({ reason }): string => reason);
/** Models of oidc-provider that belong to a user. */
const CREDENTIALS = [
  ...['AccessToken', 'AuthorizationCode', 'BackchannelAuthenticationRequest', 'DeviceCode', 'Grant', 'Interaction'],
  ...['RefreshToken', 'Session'],
];
/** Histogram buckets, in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const resultOf = boundedLabel([...REASONS, 'clientDisabled', 'aborted']);
const methodOf = boundedLabel(METHODS);
const kindOf = boundedLabel(CREDENTIALS);

/**
 * Registers metrics of requests, revocations, and uses of revoked credentials.
 *
 * @param attributes attribute names of the Janssen profile that the host maps
 * @returns a function that counts an event
 */
export function requestMetrics(registry: Registry, attributes: readonly string[]): (event: AuditEvent) => void {
  const registers = [registry];
  const formatOf = boundedLabel([...rfc9493Formats.keys(), 'aliases', ...attributes]);
  const requests = new Counter({
    name: 'gtr_requests_total',
    help: 'Answered requests to the endpoint and logout tokens, by result (`revoked`, `state` if the state of a revocation was read, `session_ended` if a logout token ended one session, or the reason of the failure), authentication method and format.',
    labelNames: ['result', 'method', 'format'],
    registers,
  });
  const durations = new Histogram({
    name: 'gtr_request_duration_seconds',
    help: "Time from the end of a request's header to the end of its answer.",
    labelNames: ['outcome'],
    buckets: BUCKETS,
    registers,
  });
  const revocations = new Counter({
    name: 'gtr_revocations_total',
    help: 'Revocations by this process that took effect, at the endpoint and in process, by authentication method.',
    labelNames: ['method'],
    registers,
  });
  const revokedUses = new Counter({
    name: 'gtr_revoked_credential_uses_total',
    help: 'Revoked credentials that were presented, by kind; counted until their rows are swept, at least 30 seconds after the revocation.',
    labelNames: ['kind'],
    registers,
  });
  for (const kind of CREDENTIALS) revokedUses.inc({ kind }, 0); // a series must start at 0 to show its first increase

  return (event) => {
    const { 'event.action': action, 'event.outcome': outcome, 'event.duration': nanoseconds } = event;
    const method = methodOf(event['gtr.method']);
    if (isRevocation(event)) return revocations.inc({ method });
    if (action === 'revoked-credential-used') return revokedUses.inc({ kind: kindOf(event['gtr.credential']) });
    const isState = action === 'revocation-state-request';
    const result = outcome === 'success' ? doneBy(event) : resultOf(event['event.reason']);
    requests.inc({ result, method, format: formatOf(event['gtr.format']) });
    if (nanoseconds !== undefined && !isState) durations.observe({ outcome }, nanoseconds / 1e9);
  };
}
