import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { FeatureFlags, RevocationService, Sweeper } from '../../../src/module/index.js';
import { Delivery } from '../../../src/module/notifications/delivery.entity.js';
import { OutboxEntry } from '../../../src/module/notifications/outbox-entry.entity.js';
import { SharedSignalsDocs } from '../../../src/module/shared-signals/api-docs.js';
import { SESSION_REVOKED, STREAM_UPDATED, VERIFICATION } from '../../../src/module/shared-signals/event-types.js';
import { HeldEvents } from '../../../src/module/shared-signals/held-events.js';
import { HeldExpiry } from '../../../src/module/shared-signals/held-expiry.js';
import { ManagementApi } from '../../../src/module/shared-signals/management-api.js';
import { Stream } from '../../../src/module/shared-signals/stream.entity.js';
import { StreamSubject } from '../../../src/module/shared-signals/stream-subject.entity.js';
import { Streams } from '../../../src/module/shared-signals/streams.js';
import { statementsOf } from '../../bench/statements.js';
import { authority, type Certificate } from '../../support/certificates.js';
import { type SecurityEvent, SignalReceiver } from './signal-receiver.js';
import { type Answered, startTransmitter, type Transmitter } from './transmitter-host.js';

const PATIENT = { timeout: 40_000, interval: 20 };
const POLL = 'urn:ietf:rfc:8936';
const PUSH = 'urn:ietf:rfc:8935';

interface Configuration {
  stream_id: string;
  delivery: { method: string; endpoint_url: string; authorization_header?: string };
}

let ca: Certificate;
let transmitter: Transmitter;
let receiver: SignalReceiver;

beforeAll(async () => {
  ca = await authority();
  const receivers = { one: { pushHosts: ['localhost'] } };
  const more = { issuerPath: '/tenant' };
  transmitter = await startTransmitter('fastify', { ca: [ca.certificate] }, { receivers }, more);
  receiver = await SignalReceiver.start(transmitter.issuer, 'one', transmitter.keys, ca);
});
afterAll(async () => {
  await transmitter.app.close();
  await receiver.stop();
});
afterEach(async () => {
  for (const entity of [Stream, StreamSubject, Delivery]) await transmitter.dataSource.manager.clear(entity);
  receiver.events.length = 0;
  const problems = receiver.problems.splice(0);
  if (problems.length > 0) throw new Error(problems.join('\n'));
});

const call = (...args: Parameters<Transmitter['call']>): Promise<Answered> => transmitter.call(...args);
const polling = { events_requested: [SESSION_REVOKED] };
async function create(token = 'one', body: object = polling): Promise<Configuration> {
  const answer = await call(token, 'POST', 'streams', body);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as Configuration;
}
const revoke = (subject = '1'): Promise<string> =>
  transmitter.app.get(RevocationService, { strict: false }).revoke(subject, { actor: 'test' });
const until = (check: () => Promise<void> | void): Promise<void> => vi.waitFor(check, PATIENT);
const states = async () => {
  const rows = await transmitter.dataSource.manager.find(Delivery, { order: { subject: 'ASC' } });
  return rows.map(({ state }) => state);
};
/** Waits until it is known who is to be told. */
const toldAbout = (id: string): Promise<void> =>
  until(async () => {
    const entry = await transmitter.dataSource.manager.findOneByOrFail(OutboxEntry, { id });
    expect(entry.finishedAt).not.toBeNull();
  });
const error = (text: string) => ({ error: text, error_description: expect.any(String) });

/** Polls, verifies what comes and returns it. */
async function poll({ delivery }: Configuration, body: object = { returnImmediately: true }): Promise<SecurityEvent[]> {
  const answer = await call('one.read', 'POST', delivery.endpoint_url, body);
  expect(answer).toMatchObject({ status: 200 });
  const { sets } = answer.body as { sets: Record<string, string> };
  receiver.events.length = 0;
  for (const set of Object.values(sets)) await receiver.receive(set);
  expect(receiver.events.map(({ jti }) => jti)).toEqual(Object.keys(sets));
  return [...receiver.events];
}

test('every operation is in an OpenAPI document of the application, below its server', () => {
  const docs = transmitter.app.get(SharedSignalsDocs, { strict: false });
  const document = {
    servers: [{ url: transmitter.issuer }],
    paths: { '/own': {} },
    components: { schemas: { Own: {} } },
  };
  const { paths, components } = docs.addTo(document) as unknown as {
    paths: Record<string, Record<string, { security: object[] }>>;
    components: { schemas: object };
  };
  const operations = transmitter.app
    .get(ManagementApi, { strict: false })
    .operations.map(({ method, path, access }) => {
      const at = path === 'poll' ? '/ssf/poll/{stream_id}' : `/ssf/${path}`;
      expect(paths[at]![method.toLowerCase()]!.security[0]).toEqual({ oauth2: [`ssf.${access}`] });
      return at;
    });
  const discovery = '/.well-known/ssf-configuration/tenant';
  expect(new Set(Object.keys(paths))).toEqual(new Set(['/own', discovery, ...operations]));
  expect(paths[discovery]!['servers']).toEqual([{ url: new URL(transmitter.issuer).origin }]);
  expect(Object.keys(components.schemas)).toEqual(['Own', 'SsfTransmitter', 'SsfStream', 'SsfStatus', 'SsfRefusal']);
});

describe('metadata: OpenID.SSF §7.1, §7.2, §7.2.1, §6.1', () => {
  const url = () => `${new URL(transmitter.issuer).origin}/.well-known/ssf-configuration/tenant`;

  test('are below the host, before the path of the issuer, without credentials', async () => {
    const { status, headers, body } = await call('', 'GET', url());
    const { issuer } = transmitter;
    expect({ status, type: headers.get('content-type') }).toEqual({ status: 200, type: 'application/json' });
    expect(body).toEqual({
      ...{ spec_version: '1_0', issuer, jwks_uri: `${issuer}/jwks`, delivery_methods_supported: [PUSH, POLL] },
      ...{ configuration_endpoint: `${issuer}/ssf/streams`, status_endpoint: `${issuer}/ssf/status` },
      ...{ verification_endpoint: `${issuer}/ssf/verify`, add_subject_endpoint: `${issuer}/ssf/subjects/add` },
      remove_subject_endpoint: `${issuer}/ssf/subjects/remove`,
      ...{ authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }], default_subjects: 'ALL' },
    });
    expect(await call('', 'POST', url())).toMatchObject({ status: 405 });
  });

  test('and everything else is missing while the feature flag is off', async () => {
    const flags = transmitter.app.get(FeatureFlags, { strict: false });
    const { stream_id: id } = await create();
    await flags.set('SHARED_SIGNALS', false, 'test');
    expect(await call('', 'GET', url())).toMatchObject({ status: 404 });
    expect(await call('one', 'GET', 'streams')).toMatchObject({ status: 404 });
    await toldAbout(await revoke());
    expect(await states()).toEqual([]);
    await flags.set('SHARED_SIGNALS', true, 'test');
    expect(await call('one', 'GET', `streams?stream_id=${id}`)).toMatchObject({ status: 200 });
  });
});

describe('authorization: RFC 6750 §2.1, §3, §3.1, RFC 6749 §4.4', () => {
  test.each([
    ['no token', '', 401, undefined],
    ['an unknown token', 'nobody', 401, 'error="invalid_token"'],
    ['a token of a person', 'one.person', 403, 'error="insufficient_scope", scope="ssf.manage"'],
    ['a token without the scope', 'one.other', 403, 'error="insufficient_scope", scope="ssf.manage"'],
    ['a token that may only read', 'one.read', 403, 'error="insufficient_scope", scope="ssf.manage"'],
  ])('%s creates no stream', async (_title, token, status, challenge) => {
    const { headers, ...answer } = await call(token, 'POST', 'streams', polling);
    expect(answer).toMatchObject({ status, body: error(status === 403 ? 'insufficient_scope' : expect.any(String)) });
    const sent = headers.get('www-authenticate');
    expect(sent).toMatch(/^Bearer /);
    if (challenge === undefined) expect(sent).not.toContain('error');
    else expect(sent).toContain(challenge);
    expect(await transmitter.dataSource.manager.count(Stream)).toBe(0);
  });

  test('a token in the query does not count, and two tokens are one too many', async () => {
    await create();
    expect(await call('', 'GET', 'streams?access_token=one')).toMatchObject({ status: 401 });
    expect(await call('one', 'GET', 'streams?access_token=one')).toMatchObject({ status: 400 });
    expect(await call('one.other', 'GET', 'streams')).toMatchObject({ status: 403 });
  });
});

describe('streams: OpenID.SSF §8, §8.1, §8.1.1, §8.1.1.1, §8.1.1.2, §8.1.1.5', () => {
  test('are created, read and deleted by their receiver, once', async () => {
    const stream = await create('one', { ...polling, description: 'ours' });
    const { stream_id: id } = stream;
    const { issuer } = transmitter;
    expect(stream).toEqual({
      ...{ stream_id: expect.any(String), iss: issuer, aud: 'one', description: 'ours', min_verification_interval: 0 },
      ...{
        events_supported: [SESSION_REVOKED],
        events_requested: [SESSION_REVOKED],
        events_delivered: [SESSION_REVOKED],
      },
      delivery: { method: POLL, endpoint_url: `${issuer}/ssf/poll/${id}` },
    });
    const read = await call('one.read', 'GET', `streams?stream_id=${id}`);
    expect(read).toMatchObject({ status: 200, body: stream });
    expect(read.headers.get('cache-control')).toBe('no-store');
    expect(await call('one', 'GET', 'streams')).toMatchObject({ status: 200, body: [stream] });
    expect(await call('one', 'POST', 'streams', polling)).toMatchObject({ status: 409, body: error('conflict') });
    expect(await call('one', 'DELETE', `streams?stream_id=${id}`)).toMatchObject({ status: 204, body: undefined });
    expect(await call('one', 'DELETE', `streams?stream_id=${id}`)).toMatchObject({ status: 404 });
    expect(await call('one', 'GET', 'streams')).toMatchObject({ status: 200, body: [] });
  });

  test('of other receivers do not exist', async () => {
    const { stream_id: id } = await create();
    const others = [
      await call('two', 'GET', `streams?stream_id=${id}`),
      await call('two', 'DELETE', `streams?stream_id=${id}`),
      await call('two', 'PATCH', 'streams', { stream_id: id, description: 'x' }),
      await call('two', 'GET', `status?stream_id=${id}`),
      await call('two', 'POST', 'status', { stream_id: id, status: 'disabled' }),
      await call('two', 'POST', 'subjects/add', { stream_id: id, subject: { format: 'opaque', id: '1' } }),
      await call('two', 'POST', `poll/${id}`, {}),
    ];
    for (const { status, body } of others) expect({ status, body }).toEqual({ status: 404, body: error('not_found') });
    expect(await call('two', 'GET', 'streams')).toMatchObject({ status: 200, body: [] });
    expect(await call('one', 'GET', `status?stream_id=${id}`)).toMatchObject({ body: { status: 'enabled' } });
  });

  test.each([
    ['text that is not JSON', '{'],
    ['a list', '[]'],
    ['a member twice', '{"description":"a","description":"b"}'],
    ['events that are not a list', { events_requested: SESSION_REVOKED }],
    ['an event that is not text', { events_requested: [1] }],
    ['a description that is not text', { description: 1 }],
    ['an unknown delivery method', { delivery: { method: 'urn:example' } }],
    ['a push without a URL', { delivery: { method: PUSH } }],
    [
      'a header of two lines',
      { delivery: { method: PUSH, endpoint_url: 'https://localhost/', authorization_header: 'a\nb' } },
    ],
  ])('%s is 400: RFC 8259 §8.1', async (_title, body) => {
    expect(await call('one', 'POST', 'streams', body)).toMatchObject({ status: 400, body: error('invalid_request') });
  });

  test('a body of another type, or one that is too large, is refused', async () => {
    const form = { method: 'POST', headers: { authorization: 'Bearer one' }, body: new URLSearchParams({ a: 'b' }) };
    expect((await fetch(`${transmitter.issuer}/ssf/streams`, form)).status).toBe(415);
    const large = { description: 'x'.repeat(70_000) };
    expect(await call('one', 'POST', 'streams', large)).toMatchObject({ status: 413 });
  });

  test('the secret of a push stream is stored sealed, and only its manager reads it', async () => {
    const delivery = { method: PUSH, endpoint_url: receiver.url, authorization_header: 'Bearer very-secret' };
    const { stream_id: id } = await create('one', { ...polling, delivery });
    expect(await call('one', 'GET', `streams?stream_id=${id}`)).toMatchObject({ body: { delivery } });
    const { body } = await call('one.read', 'GET', `streams?stream_id=${id}`);
    expect((body as Configuration).delivery).toEqual({ method: PUSH, endpoint_url: receiver.url });
    expect(JSON.stringify(await transmitter.dataSource.query('SELECT * FROM gtr_ssf_stream'))).not.toContain('secret');
  });
});

describe('changes of a stream: OpenID.SSF §8.1.1.3, §8.1.1.4', () => {
  test('PATCH changes the members that it names, PUT replaces all', async () => {
    const stream = await create('one', { ...polling, description: 'ours' });
    const { stream_id: id } = stream;
    const delivery = { method: PUSH, endpoint_url: receiver.url };
    const patched = await call('one', 'PATCH', 'streams', { stream_id: id, delivery, aud: 'one' });
    expect(patched).toMatchObject({ status: 200, body: { ...stream, delivery } });
    const put = await call('one', 'PUT', 'streams', { stream_id: id, delivery: { method: POLL } });
    const { description: _, events_requested: __, ...rest } = stream as Configuration & Record<string, unknown>;
    expect(put).toMatchObject({ status: 200, body: { ...rest, events_delivered: [] } });
    expect(put.body).not.toHaveProperty('description');
    expect(put.body).not.toHaveProperty('events_requested');
  });

  test.each([
    { aud: 'two' },
    { iss: 'https://other.example' },
    { events_delivered: [] },
    { min_verification_interval: 1 },
  ])('a transmitter-supplied member that differs is refused: %j', async (member) => {
    const { stream_id: id } = await create();
    const body = { stream_id: id, description: 'x', ...member };
    expect(await call('one', 'PATCH', 'streams', body)).toMatchObject({ status: 400 });
    expect(await call('one', 'PUT', 'streams', { ...body, delivery: { method: POLL } })).toMatchObject({ status: 400 });
    expect(await call('one', 'PATCH', 'streams', { description: 'x' })).toMatchObject({ status: 400 });
    expect((await call('one', 'GET', `streams?stream_id=${id}`)).body).not.toHaveProperty('description');
  });
});

describe('polled events: RFC 8936 §2, §2.2, §2.4, §2.6', () => {
  test('come until they are acknowledged, then no more', async () => {
    const stream = await create();
    const id = await revoke();
    await until(async () => expect(await states()).toEqual(['held']));
    const [event] = await poll(stream);
    expect(event).toMatchObject({ aud: 'one', txn: id, sub_id: { format: 'iss_sub', sub: '1' } });
    expect(await poll(stream)).toEqual([event]);
    expect(await poll(stream, { maxEvents: 0, ack: [event!.jti, 'unknown'] })).toEqual([]);
    expect(await states()).toEqual(['delivered']);
    expect(await poll(stream)).toEqual([]);
  });

  test('come in parts, and an error finishes an event', async () => {
    const stream = await create();
    await revoke('1');
    await revoke('2');
    await until(async () => expect(await states()).toEqual(['held', 'held']));
    const body = { returnImmediately: true, maxEvents: 1 };
    const { body: part } = await call('one.read', 'POST', stream.delivery.endpoint_url, body);
    expect(part).toMatchObject({ moreAvailable: true });
    const [jti] = Object.keys((part as { sets: object }).sets);
    const setErrs = { [jti!]: { err: 'invalid_key', description: 'unknown kid' } };
    expect(await poll(stream, { ...body, setErrs })).toHaveLength(1);
    const rows = await transmitter.dataSource.manager.findBy(Delivery, { id: jti! });
    expect(rows).toMatchObject([{ state: 'dead', answer: 'invalid_key: unknown kid' }]);
  });

  test('one statement finishes all events with an error, and each keeps its own', async () => {
    const stream = await create();
    for (const subject of ['1', '2']) await revoke(subject);
    await until(async () => expect(await states()).toEqual(['held', 'held']));
    const jtis = (await poll(stream)).map(({ jti }) => jti!);
    const setErrs = Object.fromEntries(jtis.map((jti, i) => [jti, { err: `no ${i}` }]));
    const statements = await statementsOf(transmitter.dataSource, () => poll(stream, { maxEvents: 0, setErrs }));
    expect(statements.filter((sql) => sql.startsWith('UPDATE gtr_delivery'))).toHaveLength(1);
    const rows = await transmitter.dataSource.manager.find(Delivery);
    const said = rows.map(({ id, state, answer }) => `${id} ${state} ${answer}`);
    expect(said.toSorted()).toEqual(jtis.map((jti, i) => `${jti} dead no ${i}`).toSorted());
  });

  test('impossible ids are not looked up: PostgreSQL rejects text with NUL', async () => {
    const stream = await create();
    const { endpoint_url: url } = stream.delivery;
    const statements = await statementsOf(transmitter.dataSource, async () => {
      const strange = { ack: ['\0'], setErrs: { '\0': { err: 'x' } } };
      expect(await poll(stream, { maxEvents: 0, ...strange })).toEqual([]);
      expect(await call('one', 'GET', 'streams?stream_id=%00')).toMatchObject({ status: 404 });
      expect(await call('one', 'POST', 'verify', { stream_id: '\0' })).toMatchObject({ status: 404 });
      expect(await call('one', 'POST', url.replace(/[^/]*$/, '%00'), {})).toMatchObject({ status: 404 });
    });
    const own = statements.filter((sql) => /^UPDATE gtr_delivery|gtr_ssf_stream/.test(sql));
    expect(own, 'the poll reads its stream').toHaveLength(1);
  });

  test('a long poll is answered when something happens, or in time', async () => {
    const stream = await create();
    expect(await poll(stream, {})).toEqual([]);
    const { stream_id: id } = stream;
    expect(await call('one', 'POST', 'verify', { stream_id: id, state: 'x' })).toMatchObject({ status: 204 });
    await until(async () => expect(await states()).toEqual(['held']));
    expect(await poll(stream, {})).toMatchObject([{ events: { [VERIFICATION]: { state: 'x' } } }]);
  });

  test.each([
    ['maxEvents', -1],
    ['maxEvents', '1'],
    ['returnImmediately', 'no'],
    ['ack', 'x'],
    ['ack', [1]],
    ['setErrs', []],
    ['setErrs', { x: 'y' }],
  ])('%s must not be %j', async (name, value) => {
    const { delivery } = await create();
    expect(await call('one', 'POST', delivery.endpoint_url, { [name]: value })).toMatchObject({ status: 400 });
  });

  test('need a token that may read', async () => {
    const { delivery } = await create();
    expect(await call('', 'POST', delivery.endpoint_url, {})).toMatchObject({ status: 401 });
    expect(await call('one.other', 'POST', delivery.endpoint_url, {})).toMatchObject({ status: 403 });
    expect(await call('one', 'GET', delivery.endpoint_url)).toMatchObject({ status: 405 });
  });
});

describe('status: OpenID.SSF §8.1.2, §8.1.2.1, §8.1.2.2, §8.1.5', () => {
  const set = (id: string, status: string, reason?: string) =>
    call('one', 'POST', 'status', { stream_id: id, status, ...(reason !== undefined && { reason }) });

  test('a paused stream keeps events for later, a disabled one drops them', async () => {
    const delivery = { method: PUSH, endpoint_url: receiver.url };
    const { stream_id: id } = await create('one', { ...polling, delivery });
    const paused = { stream_id: id, status: 'paused', reason: 'maintenance' };
    expect(await set(id, 'paused', 'maintenance')).toMatchObject({ status: 200, body: paused });
    expect(await call('one.read', 'GET', `status?stream_id=${id}`)).toMatchObject({ status: 200, body: paused });
    await revoke('1');
    await until(async () => expect(await states()).toEqual(['held']));
    expect(await set(id, 'enabled')).toMatchObject({ status: 200, body: { stream_id: id, status: 'enabled' } });
    await until(() => expect(receiver.events).toHaveLength(1));
    await until(async () => expect(await states()).toEqual(['delivered']));

    await set(id, 'paused');
    await revoke('2');
    await until(async () => expect(await states()).toEqual(['delivered', 'held']));
    await set(id, 'disabled');
    expect(await states()).toEqual(['delivered', 'superseded']);
    await toldAbout(await revoke('2'));
    await set(id, 'enabled');
    expect(await states()).toEqual(['delivered', 'superseded']);
  });

  test('what a stream holds is sent when its receiver wants events pushed', async () => {
    const { stream_id: id } = await create();
    await revoke();
    await until(async () => expect(await states()).toEqual(['held']));
    const delivery = { method: PUSH, endpoint_url: receiver.url };
    expect(await call('one', 'PATCH', 'streams', { stream_id: id, delivery })).toMatchObject({ status: 200 });
    await until(() => expect(receiver.events).toHaveLength(1));
    await until(async () => expect(await states()).toEqual(['delivered']));
  });

  test('an event that is held by a stream that was enabled meanwhile is sent later', async () => {
    const delivery = { method: PUSH, endpoint_url: receiver.url };
    const { stream_id: id } = await create('one', { ...polling, delivery });
    await set(id, 'paused');
    await revoke();
    await until(async () => expect(await states()).toEqual(['held']));
    // As an attempt leaves it that has read the stream before
    await transmitter.dataSource.query(`UPDATE gtr_ssf_stream SET status = 'enabled'`);
    const { app } = transmitter;
    await new HeldExpiry(app.get(Streams, { strict: false }), app.get(HeldEvents, { strict: false })).purge();
    await until(() => expect(receiver.events).toHaveLength(1));
  });

  test.each(['gone', 7, undefined])('the status %j is refused', async (status) => {
    const { stream_id: id } = await create();
    expect(await call('one', 'POST', 'status', { stream_id: id, status })).toMatchObject({ status: 400 });
    expect(await call('one', 'GET', 'status')).toMatchObject({ status: 404 });
  });

  test('events that nobody fetches for a week are given up, and the stream is paused', async () => {
    const stream = await create();
    await revoke('1');
    await revoke('2');
    await until(async () => expect(await states()).toEqual(['held', 'held']));
    await transmitter.dataSource.query(`UPDATE gtr_delivery SET finished_at = 1 WHERE subject = '1'`);
    await transmitter.app.get(Sweeper, { strict: false }).sweep();
    await until(async () => expect(await states()).toEqual(['held', 'dead', 'held']));
    expect(await poll(stream)).toMatchObject([{ events: { [STREAM_UPDATED]: { status: 'paused' } } }]);
  });

  test('the receiver is told about a change by the transmitter, and a lock outlives the stream', async () => {
    const stream = await create();
    const streams = transmitter.app.get(Streams, { strict: false });
    const row = (await streams.find(stream.stream_id))!;
    await streams.change(row.id, { isLocked: 1 });
    await streams.pause(row.id, 'misused');
    await until(async () => expect(await states()).toEqual(['held']));
    expect(await poll(stream)).toMatchObject([
      {
        sub_id: { format: 'opaque', id: row.id },
        events: { [STREAM_UPDATED]: { status: 'paused', reason: 'misused' } },
      },
    ]);
    expect(await set(row.id, 'enabled')).toMatchObject({ status: 403, body: error('access_denied') });
    expect(await call('one', 'DELETE', `streams?stream_id=${row.id}`)).toMatchObject({ status: 204 });
    expect(await call('one', 'GET', 'streams')).toMatchObject({ body: [] });
    const { stream_id: again } = await create();
    expect(again).not.toBe(row.id);
    expect(await call('one', 'GET', `status?stream_id=${again}`)).toMatchObject({ body: { status: 'paused' } });
    expect(await set(again, 'enabled')).toMatchObject({ status: 403 });
  });
});

describe('subjects: OpenID.SSF §8.1.3, §8.1.3.2, §8.1.3.3', () => {
  const subject = (id: string) => ({ format: 'opaque', id });

  test('a user who is removed is not reported until added again', async () => {
    const { stream_id: id } = await create();
    const removed = await call('one', 'POST', 'subjects/remove', { stream_id: id, subject: subject('1') });
    expect(removed).toMatchObject({ status: 204, body: undefined });
    await revoke('1');
    await revoke('2');
    await until(async () => expect(await states()).toEqual(['held']));
    const added = await call('one', 'POST', 'subjects/add', { stream_id: id, subject: subject('1'), verified: true });
    expect(added).toMatchObject({ status: 200, body: undefined });
    await revoke('1');
    await until(async () => expect(await states()).toEqual(['held', 'held']));
  });

  test('nobody learns who has an account', async () => {
    const { stream_id: id } = await create();
    const answers = await Promise.all(
      ['1', 'nobody'].map((each) => call('one', 'POST', 'subjects/add', { stream_id: id, subject: subject(each) })),
    );
    const [known, unknown] = answers.map(({ status, body }) => ({ status, body }));
    expect(known).toEqual(unknown);
  });

  test.each([undefined, 'x', {}, { format: 'opaque' }])('the subject %j is refused', async (wrong) => {
    const { stream_id: id } = await create();
    const body = { stream_id: id, subject: wrong };
    expect(await call('one', 'POST', 'subjects/add', body)).toMatchObject({ status: 400 });
  });
});
