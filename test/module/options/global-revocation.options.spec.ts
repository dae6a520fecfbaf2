import { describe, expect, test } from 'vitest';
import { resolveOptions } from '../../../src/module/options/global-revocation.options.js';

class User {}

const issuer = 'https://op.example.com';
const users = { entity: User, subject: 'id' };
const target = { entity: User, userColumn: 'id', orderColumn: 'id', action: 'delete' };
const identityProvider = {
  id: 'okta',
  issuers: ['https://idp.example'],
  keys: { jwksUri: 'https://idp.example/keys' },
};

/** Option → the finding. */
const invalid: Array<[option: object, finding: string]> = [
  [{ target: [] }, 'target: unknown name; known: issuer, featureFlags, acceptSubjectMember, metadata, users, '],
  [{ issuer: undefined }, 'issuer: is missing'],
  [{ issuer: new URL(issuer) }, 'issuer: must be an http or https URL without query and fragment, such as'],
  [{ issuer: 'op.example.com' }, "https://op.example.com, not 'op.example.com'"],
  [{ issuer: 'ftp://op.example.com' }, 'issuer: must be an http or https URL'],
  [{ issuer: `${issuer}/?a=b` }, 'issuer: must be an http or https URL'],
  [{ issuer: `${issuer}/#a` }, 'issuer: must be an http or https URL'],
  [{ users: User }, 'users: must be an object, not the class User'],
  [{ users: { entity: User } }, 'users.subject: is missing'],
  [{ users: { ...users, emial: 'login' } }, 'users.emial: unknown name; known: entity, subject, attributes, email, '],
  [{ users: { ...users, emailCase: 'Counts' } }, "users.emailCase: must be 'ignored' or 'counts', not 'Counts'"],
  [
    { users: { ...users, attributes: { uid: 5 } } },
    'users.attributes.uid: must be the name of a property, or a function, not 5',
  ],
  [
    { users: { ...users, attributes: { opaque: 'id' } } },
    'users.attributes: opaque, iss_sub, aliases are formats of RFC 9493; give the attribute another name',
  ],
  [{ targets: target }, 'targets: must be a list, not an object'],
  [{ targets: [target, { ...target, usercolumn: 'id' }] }, 'targets[1].usercolumn: unknown name; known: entity, '],
  [{ targets: [{ ...target, action: undefined }] }, 'targets[0].action: is missing'],
  [{ targets: [{ ...target, action: 'remove' }] }, "targets[0].action: must be 'delete' or an object, not 'remove'"],
  [
    { targets: [{ ...target, action: { set: { a: 1 }, sets: {} } }] },
    'targets[0].action.sets: unknown name; known: set',
  ],
  [
    { targets: [{ ...target, action: { set: {} } }] },
    "targets[0].action.set: sets nothing: name properties, or use 'd",
  ],
  [{ targets: [{ ...target, action: { set: { ended: {} } } }] }, 'targets[0].action.set.ended: must be text, a number'],
  [{ targets: [{ ...target, action: { set: { ended: undefined } } }] }, 'targets[0].action.set.ended: is missing'],
  [{ targets: [{ ...target, epochColumn: 'epoch' }] }, 'targets[0]: has epochColumn and orderColumn: keep one'],
  [{ targets: [{ ...target, batch: 0 }] }, 'targets[0].batch: must be a whole number from 1 to 1000, not 0'],
  [{ targets: [{ ...target, batch: 1001 }] }, 'targets[0].batch: must be a whole number from 1 to 1000, not 1001'],
  [{ targets: [{ ...target, counts: 'session' }] }, "counts: must be 'sessions' or 'tokens', not 'session'"],
  [{ recordRetentionDays: -1 }, 'recordRetentionDays: must be a whole number of at least 0, not -1'],
  [{ endedSessionRetentionDays: -1 }, 'endedSessionRetentionDays: must be a whole number of at least 0, not -1'],
  [{ recordRetentionDays: Number.NaN }, 'recordRetentionDays: must be a whole number of at least 0, not NaN'],
  [{ recordRetentionDays: '30' }, "recordRetentionDays: must be a whole number of at least 0, not '30'"],
  [{ sweepIntervalMs: Number.NaN }, 'sweepIntervalMs: must be a whole number from 0 to 2147483647, not NaN'],
  [{ databaseTimeoutMs: '5s' }, "databaseTimeoutMs: must be a whole number from 1 to 2147483647, not '5s'"],
  [{ databaseTimeoutMs: 0 }, 'databaseTimeoutMs: must be a whole number from 1 to 2147483647, not 0'],
  [{ databaseTimeoutMs: 2 ** 31 }, 'databaseTimeoutMs: must be a whole number from 1 to 2147483647'],
  [{ databaseQueue: 0 }, 'databaseQueue: must be a whole number of at least 1, not 0'],
  [{ rateLimits: { call: false } }, 'rateLimits.call: unknown name; known: failures, calls, total, records, storage'],
  [{ rateLimits: { calls: 5 } }, 'rateLimits.calls: must be false or an object, not 5'],
  [
    { rateLimits: { calls: { limit: 5, ttlSeconds: 1, ttl: 60 } } },
    'rateLimits.calls.ttl: unknown name; known: limit, ttlSeconds',
  ],
  [{ rateLimits: { calls: { limit: 5 } } }, 'rateLimits.calls.ttlSeconds: is missing'],
  [
    { rateLimits: { total: { limit: 0, ttlSeconds: 1 } } },
    'rateLimits.total.limit: must be a whole number of at least 1, not 0',
  ],
  [{ rateLimits: { storage: new Map() } }, 'rateLimits.storage: must be a ThrottlerStorage, not an object'],
  [{ startChecks: 'warning' }, "startChecks: must be 'refuse' or 'warn' or 'off', not 'warning'"],
  [{ startChecks: false }, "startChecks: must be 'refuse' or 'warn' or 'off', not false"],
  [{ unknownSubject: 'no_contant' }, "unknownSubject: must be 'not_found' or 'no_content', not 'no_contant'"],
  [{ ambiguousSubject: 'refuse' }, "ambiguousSubject: must be 'first' or 'reject', not 'refuse'"],
  [{ production: 'false' }, "production: must be true or false, not 'false'"],
  [{ logEvents: null }, 'logEvents: must be true or false, not null'],
  [{ featureFlags: { GLOBAL_TOKEN_REVOCATION: 'off' } }, 'featureFlags.GLOBAL_TOKEN_REVOCATION: must be true or false'],
  [
    { featureFlags: { OTHER: true } },
    'featureFlags.OTHER: unknown name; known: GLOBAL_TOKEN_REVOCATION, SHARED_SIGNALS',
  ],
  [{ auditKey: 'secret of 32 characters, in text' }, 'auditKey: must be a Uint8Array of 32 bytes'],
  [{ auditKey: new Uint8Array(33) }, 'auditKey: must be a Uint8Array of 32 bytes'],
  [{ listeners: [{ afterCommit: () => {} }] }, 'listeners[0]: must be a class, not an object'],
  [
    { identityProviders: [{ ...identityProvider, issuer: 'x' }] },
    'identityProviders[0].issuer: unknown name; known: id',
  ],
  [{ remoteJwks: { allowedHost: ['a'] } }, 'remoteJwks.allowedHost: unknown name; known: allowedHosts, ca'],
  [{ mutualTls: {} }, 'mutualTls.clientCertificate: is missing'],
  [
    { mutualTls: { clientCertificate: 'Client-Cert' } },
    "mutualTls.clientCertificate: must be a function, not 'Client-",
  ],
  [{ jwtAccessTokens: {} }, 'jwtAccessTokens.jwks: is missing'],
  [{ jwtAccessTokens: { jwks: {} } }, 'jwtAccessTokens.jwks.keys: is missing'],
];

const messageOf = (options: unknown): string => {
  try {
    resolveOptions(options);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the options were accepted');
};

describe('invalid options', () => {
  test.each(invalid)('%j throws: %s', (option, finding) => {
    const message = messageOf({ issuer, users, ...option });
    expect(message).toMatch(/^GlobalRevocationModule: /);
    expect(message).toContain(finding);
    expect(message.split('\n')).toHaveLength(1);
  });

  test('are all listed in one message', () => {
    const message = messageOf({ databaseQueue: 0, startChecks: 'no', users: { subject: '' } });
    expect(message.split('\n')).toHaveLength(5);
  });

  test('do not reveal a secret of the wrong type', () => {
    expect(messageOf({ issuer, auditKey: 'hunter2' })).not.toContain('hunter2');
  });
});

describe('valid options', () => {
  test('may contain undefined under any name at any depth, as if it were absent', () => {
    const restrictions = { formats: undefined };
    const given = {
      issuer,
      misspelt: undefined,
      startChecks: undefined,
      rateLimits: { calls: undefined, total: false, misspelt: undefined },
      users: { ...users, email: undefined, iss_sub: { a: undefined } },
      identityProviders: [{ ...identityProvider, restrictions }],
    };
    const defaults = {
      rateLimits: { total: false },
      users,
      identityProviders: [identityProvider],
    };
    expect(resolveOptions(given)).toStrictEqual(resolveOptions({ issuer, ...defaults }));
  });

  test('may be an instance whose method uses the instance', () => {
    class ShowsCertificates {
      readonly #shown = undefined;

      clientCertificate() {
        return this.#shown;
      }
    }
    const { mutualTls } = resolveOptions({ issuer, mutualTls: new ShowsCertificates() });
    expect(mutualTls!.clientCertificate({} as never)).toBeUndefined();
  });

  test('stay the same when resolved again', () => {
    const resolved = resolveOptions({ issuer, users, targets: [target], identityProviders: [identityProvider] });
    expect(resolveOptions(resolved)).toStrictEqual(resolved);
  });
});
