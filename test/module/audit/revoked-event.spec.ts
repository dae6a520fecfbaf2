import { expect, test } from 'vitest';
import { revokedEvent } from '../../../src/module/audit/revoked-event.js';

const revocation = {
  ...{ id: 'id', subject: '', actor: 'ops', method: 'cli', keyId: '', format: '', identifierHash: '', matched: 0 },
  ...{ sourceIp: '', requestId: '', reason: 'stolen', createdAt: 0 },
};

test.each([
  ['', 'user revoked', 'user-revoked'],
  ['everybody', 'everybody revoked', 'realm-revoked'],
  ['user', 'realm revoked', 'realm-revoked'],
  ['acme\n12:34:56 info  user revoked', 'realm revoked', 'realm-revoked'],
])('a revocation of the realm %j has a message that no name can change', (realm, message, action) => {
  const event = revokedEvent({ ...revocation, realm });
  expect(event).toMatchObject({ message, 'event.action': action });
  expect(event['gtr.realm']).toBe(realm || undefined);
});
