import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { Client, FeatureFlags, Participants, RevocationService, SubjectEpochs } from '../../../src/module/index.js';
import { sha256Hex } from '../../../src/module/database/digest.js';
import { Change } from '../../../src/module/audit/change.entity.js';
import { Delivery } from '../../../src/module/notifications/delivery.entity.js';
import { SESSION_REVOKED, STREAM_UPDATED, VERIFICATION } from '../../../src/module/shared-signals/event-types.js';
import { OperatorStreams } from '../../../src/module/shared-signals/operator-streams.js';
import { Stream, type StreamStatus } from '../../../src/module/shared-signals/stream.entity.js';
import { HeldEvents } from '../../../src/module/shared-signals/held-events.js';
import { HeldExpiry } from '../../../src/module/shared-signals/held-expiry.js';
import { Streams } from '../../../src/module/shared-signals/streams.js';
import { StreamSubject } from '../../../src/module/shared-signals/stream-subject.entity.js';
import { statementsOf } from '../../bench/statements.js';
import { authority, type Certificate } from '../../support/certificates.js';
import { SignalReceiver } from './signal-receiver.js';
import { startTransmitter, type Transmitter } from './transmitter-host.js';

const PATIENT = { timeout: 40_000, interval: 20 };

let ca: Certificate;
let transmitter: Transmitter;
let one: SignalReceiver;
let two: SignalReceiver;

beforeAll(async () => {
  ca = await authority();
  const receivers = {
    one: { pushHosts: ['localhost'] },
    two: { pushHosts: ['localhost'], subjectFormat: 'email' as const },
  };
  const emailOf = async (subject: string) => (subject === '1' ? 'ann@example.com' : undefined);
  transmitter = await startTransmitter('express', { ca: [ca.certificate] }, { receivers, emailOf });
  const { issuer, keys } = transmitter;
  [one, two] = [
    await SignalReceiver.start(issuer, 'one', keys, ca),
    await SignalReceiver.start(issuer, 'two', keys, ca),
  ];
});
afterAll(async () => {
  await transmitter.app.close();
  await Promise.all([one.stop(), two.stop()]);
});
afterEach(async () => {
  const problems = [...one.problems.splice(0), ...two.problems.splice(0)];
  for (const receiver of [one, two]) {
    receiver.events.length = receiver.headers.length = 0;
    receiver.answer = undefined;
  }
  for (const entity of [Stream, StreamSubject, Delivery]) await transmitter.dataSource.manager.clear(entity);
  if (problems.length > 0) throw new Error(problems.join('\n'));
});

const pushTo = (receiver: SignalReceiver, more = {}) => ({
  events_requested: [SESSION_REVOKED, 'https://schemas.example/other'],
  delivery: { method: 'urn:ietf:rfc:8935', endpoint_url: receiver.url, ...more },
});
async function created(token: string, body: object): Promise<string> {
  const { status, body: stream } = await transmitter.call(token, 'POST', 'streams', body);
  expect(status).toBe(201);
  return (stream as { stream_id: string }).stream_id;
}
const revoke = (subject = '1', more = {}): Promise<string> =>
  transmitter.app.get(RevocationService, { strict: false }).revoke(subject, { actor: 'test', ...more });
const until = (check: () => Promise<void> | void): Promise<void> => vi.waitFor(check, PATIENT);
const deliveries = () => transmitter.dataSource.manager.find(Delivery, { order: { recipient: 'ASC' } });

describe('pushed events: RFC 8935 §2, §2.1, OpenID.CAEP §2, §3.1, RFC 8417 §2.2, OpenID.SSF §4.1.1, §4.1.2, §4.1.7, §4.1.9', () => {
  test('every receiver is told about a revocation in its own format', async () => {
    await created('one', pushTo(one, { authorization_header: 'Bearer of-one' }));
    await created('two', pushTo(two));
    const id = await revoke();
    await until(() => expect([one.events.length, two.events.length]).toEqual([1, 1]));
    const event = {
      event_timestamp: expect.any(Number),
      initiating_entity: 'system',
      reason_admin: { en: 'All sessions and tokens of the user were revoked' },
    };
    const common = { iss: transmitter.issuer, iat: expect.any(Number), txn: id, events: { [SESSION_REVOKED]: event } };
    expect(one.events).toEqual([
      {
        ...common,
        aud: 'one',
        jti: expect.any(String),
        sub_id: { format: 'iss_sub', iss: transmitter.issuer, sub: '1' },
      },
    ]);
    expect(two.events).toEqual([
      { ...common, aud: 'two', jti: expect.any(String), sub_id: { format: 'email', email: 'ann@example.com' } },
    ]);
    expect(one.headers[0]).toMatchObject({
      ...{ 'content-type': 'application/secevent+jwt', accept: 'application/json', authorization: 'Bearer of-one' },
    });
    expect(two.headers[0]).not.toHaveProperty('authorization');
    await until(async () => expect(await deliveries()).toMatchObject([{ state: 'delivered' }, { state: 'delivered' }]));
  });

  test('a push reads the record of its revocation once', async () => {
    await created('one', pushTo(one));
    const statements = await statementsOf(transmitter.dataSource, async () => {
      await revoke();
      await until(() => expect(one.events).toHaveLength(1));
    });
    expect(statements.filter((sql) => /^SELECT .* FROM .gtr_revocation. /.test(sql))).toHaveLength(1);
  });

  test.each([
    ['an identity provider', { method: 'global-token-revocation+jwt', format: 'email' }, 'policy'],
    ['a client', { method: 'client_secret_basic', format: 'email' }, 'admin'],
  ])('%s is named as the initiating entity', async (_title, record, initiator) => {
    await created('one', pushTo(one));
    await revoke('1', record);
    await until(() => expect(one.events).toHaveLength(1));
    expect(one.events[0]!.events[SESSION_REVOKED]).toMatchObject({ initiating_entity: initiator });
  });

  test('a user without an e-mail address is not reported', async () => {
    await created('two', pushTo(two));
    await revoke('2');
    await until(async () => expect(await deliveries()).toMatchObject([{ state: 'dead', attempts: 1 }]));
    expect(two.events).toEqual([]);
  });

  test('a user without an e-mail address does not hold up the others, if the receiver polls', async () => {
    const { body } = await transmitter.call('two', 'POST', 'streams', { events_requested: [SESSION_REVOKED] });
    const { endpoint_url: url } = (body as { delivery: { endpoint_url: string } }).delivery;
    await revoke('2');
    await revoke('1');
    const statesOf = async () => (await deliveries()).map(({ subject, state }) => `${subject} ${state}`).toSorted();
    await until(async () => expect(await statesOf()).toEqual(['1 held', '2 held']));
    const answer = await transmitter.call('two', 'POST', url, { returnImmediately: true });
    expect(answer).toMatchObject({ status: 200 });
    for (const set of Object.values((answer.body as { sets: Record<string, string> }).sets)) await two.receive(set);
    expect(two.events).toMatchObject([{ sub_id: { format: 'email', email: 'ann@example.com' } }]);
    expect(await statesOf()).toEqual(['1 held', '2 dead']);
  });

  test('nobody is told while the feature flag is off, not even by a repeated attempt', async () => {
    await created('one', pushTo(one));
    one.answer = { status: 503 };
    await revoke();
    await until(async () => expect(await deliveries()).toMatchObject([{ claimedBy: null, attempts: 1 }]));
    one.answer = undefined;
    const flags = transmitter.app.get(FeatureFlags, { strict: false });
    await flags.set('SHARED_SIGNALS', false, 'test');
    try {
      await transmitter.dataSource.query('UPDATE gtr_delivery SET due_at = 1');
      const answer = 'the feature flag SHARED_SIGNALS is off';
      await until(async () => expect(await deliveries()).toMatchObject([{ state: 'superseded', answer }]));
    } finally {
      await flags.set('SHARED_SIGNALS', true, 'test');
    }
    expect(one.events).toEqual([]);
  });

  test('a revocation of everybody is told about each user with a session that ended', async () => {
    await created('one', pushTo(one));
    const { app } = transmitter;
    const epochs = app.get(SubjectEpochs, { strict: false });
    for (const subject of ['1', '2']) {
      const epoch = await epochs.epochForSignIn(subject);
      const session = { subject, clientId: 'shop', epoch, expiresAt: Date.now() + 60_000 };
      await app.get(Participants, { strict: false }).remember(session);
    }
    const id = await app.get(RevocationService, { strict: false }).revokeEverybody({ actor: 'test' });
    await until(() => expect(one.events).toHaveLength(2));
    expect(new Set(one.events.map((event) => (event.sub_id as { sub?: string }).sub))).toEqual(new Set(['1', '2']));
    expect(one.events[0]).toMatchObject({
      txn: id,
      events: { [SESSION_REVOKED]: { initiating_entity: 'system' } },
    });
  });

  test('a receiver that revokes is not told about it', async () => {
    await created('one', pushTo(one));
    await revoke('1', { actor: 'one', method: 'client_secret_basic', format: 'opaque' });
    await until(async () => expect(await deliveries()).toMatchObject([{ state: 'superseded' }]));
    expect(one.events).toEqual([]);
  });

  test('a disabled client is not told', async () => {
    await created('one', pushTo(one));
    const clients = transmitter.dataSource.getRepository(Client);
    await clients.update({ clientIdHash: sha256Hex('one') }, { enabled: 0 });
    await revoke();
    await until(async () => expect(await deliveries()).toMatchObject([{ state: 'superseded' }]));
    await clients.update({ clientIdHash: sha256Hex('one') }, { enabled: 1 });
    expect(one.events).toEqual([]);
  });

  test('a stream that requests nothing delivers nothing', async () => {
    const { delivery } = pushTo(one);
    const { body } = await transmitter.call('one', 'POST', 'streams', { delivery });
    expect(body).toMatchObject({ events_delivered: [] });
    await created('two', pushTo(two));
    await revoke();
    await until(() => expect(two.events).toHaveLength(1));
    expect(await deliveries()).toHaveLength(1);
  });
});

describe('failures: RFC 8935 §2.3, §2.4', () => {
  test('a transient failure repeats the same event', async () => {
    await created('one', pushTo(one));
    one.answer = { status: 503 };
    await revoke();
    await until(async () =>
      expect(await deliveries()).toMatchObject([{ attempts: 1, claimedBy: null, state: 'waiting' }]),
    );
    const [{ id }] = (await deliveries()) as [Delivery];
    one.answer = undefined;
    await transmitter.dataSource.query('UPDATE gtr_delivery SET due_at = 1');
    await until(() => expect(one.events).toMatchObject([{ jti: id }]));
  });

  test('an error of the receiver is final, and operators see it', async () => {
    await created('one', pushTo(one));
    one.answer = { status: 400, body: '{"err":"invalid_audience","description":"not mine"}' };
    await revoke();
    const answer = 'the answer is 400: invalid_audience: not mine';
    await until(async () => expect(await deliveries()).toMatchObject([{ state: 'dead', attempts: 1, answer }]));
  });
});

describe('OpenID.SSF §8.1.4.1, §8.1.4.2: verification', () => {
  test('is pushed with the state that the receiver sent', async () => {
    const id = await created('one', pushTo(one));
    expect(await transmitter.call('one', 'POST', 'verify', { stream_id: id, state: 'abc' })).toMatchObject({
      status: 204,
    });
    await until(() => expect(one.events).toHaveLength(1));
    expect(one.events[0]).toMatchObject({
      sub_id: { format: 'opaque', id },
      events: { [VERIFICATION]: { state: 'abc' } },
    });
  });

  test('a request for the stream of another receiver, or an invalid request, sends nothing', async () => {
    const id = await created('one', pushTo(one));
    expect(await transmitter.call('two', 'POST', 'verify', { stream_id: id })).toMatchObject({ status: 404 });
    expect(await transmitter.call('one', 'POST', 'verify', { stream_id: 'x' })).toMatchObject({ status: 404 });
    expect(await transmitter.call('one', 'POST', 'verify', { stream_id: id, state: 7 })).toMatchObject({ status: 400 });
    expect(await transmitter.call('one.read', 'POST', 'verify', { stream_id: id })).toMatchObject({ status: 403 });
    expect(await deliveries()).toEqual([]);
  });
});

describe('protection against requests to internal services', () => {
  test('only hosts of the receiver may be non-public, whatever other sinks may reach', async () => {
    const body = pushTo(one, { endpoint_url: one.url.replace('localhost', '127.0.0.1') });
    expect(await transmitter.call('one', 'POST', 'streams', body)).toMatchObject({ status: 400 });
    const id = await created('three', pushTo(one));
    await transmitter.call('three', 'POST', 'verify', { stream_id: id });
    const answer = 'the address is not public';
    await until(async () => expect(await deliveries()).toMatchObject([{ state: 'dead', answer }]));
    expect(one.headers).toEqual([]);
  });

  test.each(['ftp://localhost/', 'https://a:b@localhost/', 'https://localhost/#a', 'localhost', '', 7, null])(
    'the address %j is refused',
    async (url) => {
      const body = pushTo(one, { endpoint_url: url });
      expect(await transmitter.call('one', 'POST', 'streams', body)).toMatchObject({ status: 400 });
    },
  );
});

describe('streams of operators: OpenID.SSF §8.1.2, §8.1.5', () => {
  const streams = () => transmitter.app.get(OperatorStreams, { strict: false });
  const wanted = () => ({ name: 'one', audience: 'one', url: one.url, authorization: 'Bearer of-one' });

  test('a receiver that created no stream is told about every user, and no client can read its stream', async () => {
    const id = await streams().create('cli:ann', wanted());
    await revoke();
    await until(() => expect(one.events).toHaveLength(1));
    expect(one.headers[0]).toMatchObject({ authorization: 'Bearer of-one' });
    expect(await transmitter.call('one', 'GET', `status?stream_id=${id}`)).toMatchObject({ status: 404 });
    expect(await transmitter.call('one', 'GET', 'streams')).toMatchObject({ body: [] });
    const [change] = await transmitter.dataSource.manager.find(Change, { order: { createdAt: 'DESC' }, take: 1 });
    expect(change).toMatchObject({ actor: 'cli:ann', action: 'stream.create', target: id });
    expect(JSON.stringify(change)).not.toContain('of-one');
  });

  test('a paused stream says so and holds its events, and its receiver cannot resume it', async () => {
    const id = await created('one', pushTo(one));
    const set = (status: StreamStatus, reason = '') => streams().setStatus('cli:ann', id, status, reason);
    await set('paused', 'maintenance');
    await until(() => expect(one.events).toHaveLength(1));
    expect(one.events[0]!.events).toEqual({ [STREAM_UPDATED]: { status: 'paused', reason: 'maintenance' } });
    await expect(set('paused')).rejects.toThrow('the stream is already paused');
    await revoke();
    await until(async () => expect(await deliveries()).toContainEqual(expect.objectContaining({ state: 'held' })));
    const body = { stream_id: id, status: 'enabled' };
    expect(await transmitter.call('one', 'POST', 'status', body)).toMatchObject({ status: 403 });
    await set('enabled');
    await until(() => expect(one.events).toHaveLength(3));
    expect(await transmitter.call('one', 'POST', 'status', { ...body, status: 'paused' })).toMatchObject({
      status: 200,
    });
  });

  test('one statement counts for all streams what is pending and what was given up', async () => {
    await created('one', pushTo(one));
    await created('two', pushTo(two));
    one.answer = { status: 503 };
    two.answer = { status: 400, body: '{"err":"invalid_audience"}' };
    await revoke();
    await until(async () => {
      expect(await streams().all()).toMatchObject([
        { receiver: 'one', pending: 1, dead: 0 },
        { receiver: 'two', pending: 0, dead: 1 },
      ]);
    });
    const statements = await statementsOf(transmitter.dataSource, () => streams().all());
    expect(statements.filter((sql) => sql.includes('FROM gtr_delivery'))).toHaveLength(1);
  });

  /** Lets an operator change the stream after a request of its receiver has read it. */
  const meanwhile = (change: () => Promise<void>): void => {
    const own = transmitter.app.get(Streams, { strict: false });
    const find = own.find.bind(own);
    own.find = async (id) => {
      const found = await find(id);
      own.find = find;
      await change();
      return found;
    };
  };

  test('a request that comes at the same moment does not lift a lock', async () => {
    const id = await created('one', pushTo(one));
    const body = { stream_id: id, status: 'enabled' };
    meanwhile(() => streams().setStatus('cli:ann', id, 'disabled', ''));
    expect(await transmitter.call('one', 'POST', 'status', body)).toMatchObject({ status: 403 });
    expect(await streams().all()).toMatchObject([{ status: 'disabled', isLocked: 1 }]);
    await streams().setStatus('cli:ann', id, 'enabled', '');
    await until(async () => expect(await deliveries()).toMatchObject([{ state: 'delivered' }, { state: 'delivered' }]));
    meanwhile(() => streams().setStatus('cli:ann', id, 'disabled', ''));
    expect(await transmitter.call('one', 'DELETE', `streams?stream_id=${id}`)).toMatchObject({ status: 204 });
    await created('one', pushTo(one));
    expect(await streams().all()).toMatchObject([{ status: 'disabled', isLocked: 1 }]);
  });

  test('a verification that names another event is still one: a locked stream sends and keeps none', async () => {
    const id = await created('one', pushTo(one));
    await streams().setStatus('cli:ann', id, 'disabled', '');
    await until(() => expect(one.events).toHaveLength(1));
    const verify = () => transmitter.call('one', 'POST', 'verify', { stream_id: id, state: STREAM_UPDATED });
    await verify();
    const answer = 'the stream is disabled';
    await until(async () => expect(await deliveries()).toContainEqual(expect.objectContaining({ answer })));
    expect(one.events).toHaveLength(1);

    await streams().setStatus('cli:ann', id, 'enabled', '');
    await streams().setStatus('cli:ann', id, 'paused', '');
    await verify();
    const held = () => transmitter.dataSource.manager.countBy(Delivery, { state: 'held' });
    await until(async () => expect(await held()).toBe(1));
    await transmitter.dataSource.query(`UPDATE gtr_delivery SET finished_at = 1 WHERE state = 'held'`);
    const { app } = transmitter;
    await new HeldExpiry(app.get(Streams, { strict: false }), app.get(HeldEvents, { strict: false })).purge();
    expect(await held()).toBe(0);
  });

  test('an operator can neither resume nor pause a stream that its receiver has disabled', async () => {
    const id = await created('one', pushTo(one));
    await transmitter.call('one', 'POST', 'status', { stream_id: id, status: 'disabled' });
    for (const status of ['enabled', 'paused'] as const)
      await expect(streams().setStatus('cli:ann', id, status, '')).rejects.toThrow('only the receiver can enable it');
    const [stream] = await streams().all();
    expect(stream).toMatchObject({ status: 'disabled', isLocked: 0 });
    await streams().setStatus('cli:ann', id, 'disabled', 'closed');
    await streams().setStatus('cli:ann', id, 'enabled', '');
  });

  test('a locked stream that its operator deletes stays locked when its receiver makes another', async () => {
    const id = await created('one', pushTo(one));
    await streams().setStatus('cli:ann', id, 'paused', '');
    await streams().delete('cli:ann', id);
    expect(await streams().all()).toEqual([]);
    await expect(streams().delete('cli:ann', id)).rejects.toThrow('no stream has the id');
    await created('one', pushTo(one));
    expect(await streams().all()).toMatchObject([{ status: 'paused', isLocked: 1 }]);
  });

  test.each([
    [{ url: 'https://other.example.com' }, 'the URL must be an https URL'],
    [{ name: '' }, 'name must have 1 to 255 characters'],
    [{ authorization: 'a\nb' }, 'the authorization must be the value of a header'],
  ])('%j is refused', async (change, why) => {
    await expect(streams().create('cli:ann', { ...wanted(), ...change })).rejects.toThrow(why);
    expect(await streams().all()).toEqual([]);
  });
});
