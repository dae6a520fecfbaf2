import { describe, expect, test } from 'vitest';
import { logoutRefusal } from '../../../src/module/inbound-logout/logout-refusal.js';
import { refusals, RevocationError } from '../../../src/module/revocation.errors.js';

describe('OpenID.Back-Channel §2.8: refusals of logout tokens', () => {
  const ofToken = refusals().filter(({ reason, status }) => reason.startsWith('assertion') || status === 422);
  test.each(ofToken.map((refusal) => [refusal.reason, refusal] as const))('%s is answered 400', (reason, refusal) => {
    const { status, error, details } = logoutRefusal(refusal);
    expect([status, error, details]).toEqual([400, 'invalid_request', reason]);
  });

  test('details and jti are kept for the log', () => {
    const error = new RevocationError('assertionClaims', { details: 'events', jti: 'a' });
    expect(logoutRefusal(error)).toMatchObject({ details: 'assertionClaims: events', jti: 'a' });
  });

  test('any other error is answered 503', () => {
    expect(logoutRefusal(new Error('a component failed'))).toMatchObject({ status: 503, reason: 'unavailable' });
  });
});
