import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, inject, test } from 'vitest';
import { Delivery } from '../../src/module/notifications/delivery.entity.js';
import { SINK } from '../../src/module/shared-signals/event-types.js';
import { describeOneServer } from '../support/databases.js';
import { alice } from '../support/people.js';
import { serverFixture } from '../support/server.js';
import { ctl, ctlJson, type Ended } from './ctl.js';

interface Shown {
  id: string;
  status: string;
}

const EVENTS_URL = 'https://siem.example.com/events';

describeOneServer('ctl streams', (database) => {
  const server = serverFixture(database, { env: { GTR_SHARED_SIGNALS: 'on' } });
  let file: string;
  beforeAll(async () => {
    file = join(await mkdtemp(join(inject('tempDir'), 'streams-')), 'authorization');
    await writeFile(file, 'Bearer of-the-siem\n');
  });

  const env = () => ({ DATABASE_URL: server.databaseUrl, ISSUER: server.url, GTR_DATA_DIR: server.dataDir });
  const run = (...args: string[]): Promise<Ended> => ctl(['streams', ...args], { ...env(), GTR_SHARED_SIGNALS: 'on' });
  const ask = <T>(...args: string[]): Promise<T> =>
    ctlJson<T>(['streams', ...args], { ...env(), GTR_SHARED_SIGNALS: 'on' });
  const create = (...more: string[]): Promise<Ended> =>
    run('create', 'siem', '--url', EVENTS_URL, '--audience', 'siem', ...more);

  test('create, list, show, pause, resume and delete, each with a record and without the secret', async () => {
    expect(await run('list')).toEqual({ code: 0, out: 'no streams', err: '' });
    const { code, out } = await create('--authorization-file', file);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^Created stream [\da-f-]{36}: siem is told about revocations from now on$/),
    ]);
    const [stream] = await ask<Shown[]>('list');
    const { id } = stream!;
    const shown = {
      id,
      receiver: 'siem',
      createdBy: 'operator',
      audience: 'siem',
      url: EVENTS_URL,
      hasAuthorization: true,
    };
    expect(stream).toMatchObject({
      ...shown,
      status: 'enabled',
      locked: false,
      users: 'ALL',
      subjectFormat: 'iss_sub',
      pending: 0,
      dead: 0,
    });
    expect((await run('list')).out).toMatch(
      /^ID +RECEIVER +CREATED BY +STATUS +PENDING +DEAD +PUSHED TO\n[\da-f]{8} +siem +operator +enabled +0 +0 +https/,
    );
    expect(await run('pause', id.slice(0, 8), '--reason', 'maintenance')).toMatchObject({ code: 0 });
    expect(await ask('show', id)).toMatchObject({ status: 'paused', locked: true, reason: 'maintenance' });
    const text = (await run('show', id)).out;
    expect(text).toMatch(/^authorization +\(stored\)$/m);
    expect(text).not.toContain('of-the-siem');
    expect(await run('pause', id)).toMatchObject({ code: 4, err: 'error: the stream is already paused' });
    expect(await ask('resume', id)).toEqual({ id, status: 'enabled' });
    expect(await ask('delete', id)).toEqual({ id, deleted: true });
    expect(await run('delete', id)).toMatchObject({ code: 3 });
    const changes = await ctlJson<Array<{ action: string; target: string }>>(['changes', 'list'], env());
    expect(changes.map(({ action }) => action)).toEqual(
      ['delete', 'resume', 'pause', 'create'].map((each) => `stream.${each}`),
    );
  });

  test('list and show count what is pending and what was given up', async () => {
    const { id } = await ask<Shown>('create', 'siem', '--url', EVENTS_URL, '--audience', 'siem');
    const common = {
      outboxId: 'lost',
      sink: SINK,
      recipient: id,
      subject: alice.id,
      data: '',
      priority: 0,
      attempts: 1,
    };
    const rows = ['held', 'held', 'dead', 'delivered'].map((state, n) => ({
      ...{
        id: String(n).repeat(64),
        state,
        answer: '',
        dueAt: null,
        finishedAt: Date.now(),
        claimedBy: null,
        ...common,
      },
    }));
    await server.dataSource.getRepository(Delivery).insert(rows as never);
    expect(await ask('list')).toMatchObject([{ id, pending: 2, dead: 1 }]);
    expect(await ask('show', id)).toMatchObject({ pending: 2, dead: 1 });
    expect((await run('list')).out).toMatch(/^[\da-f]{8} +siem +operator +enabled +2 +1 +https/m);
    const { out } = await run('show', id);
    expect(out).toMatch(/^pending +2 events$/m);
    expect(out).toMatch(/^dead +1 event$/m);
    await run('delete', id);
  });

  test.each([
    [['--url', 'http://user:password@siem.example.com'], 'the URL must be an https URL without a password'],
    [['--authorization-file', '/none'], 'ENOENT'],
  ])('%j exits with 2', async (more, why) => {
    const { code, err } = await create(...more);
    expect([code, err]).toEqual([2, expect.stringContaining(why)]);
    expect(await ask('list')).toEqual([]);
  });

  test('without Shared Signals, the message says how to set it up', async () => {
    const { code, err } = await ctl(['streams', 'list'], env());
    expect([code, err]).toEqual([1, expect.stringContaining('GTR_SHARED_SIGNALS=on')]);
  });
});
