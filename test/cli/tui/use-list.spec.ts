import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Delivery } from '../../../src/module/notifications/delivery.entity.js';
import { OutboxEntry } from '../../../src/module/notifications/outbox-entry.entity.js';
import { SINK } from '../../../src/module/shared-signals/event-types.js';
import { Stream } from '../../../src/module/shared-signals/stream.entity.js';
import { databases } from '../../support/databases.js';
import { isInstalled } from '../../support/tools.js';
import { revokePerson } from '../../support/operator.js';
import { alice, bob } from '../../support/people.js';
import { serverFixture, type TestServer } from '../../support/server.js';
import { build } from '../../support/server-process.js';
import type { Terminal } from '../../support/terminal.js';
import { ctlJson } from '../ctl.js';
import { openTui, press } from '../tui.js';

const OUTBOX_ID = 'cccccccc-c000-4000-8000-000000000003';

/** What the job of a server has told, and what it gave up. */
async function recordDeliveries({ dataSource }: TestServer): Promise<void> {
  const finished = { priority: 0, attempts: 1, dueAt: null, finishedAt: 2000, claimedBy: null };
  const entry = { id: OUTBOX_ID, subject: alice.id, epochBefore: 1, epochAfter: 2, createdAt: 1000, progress: null };
  await dataSource.getRepository(OutboxEntry).insert({ ...entry, ...finished });
  const common = { outboxId: OUTBOX_ID, sink: 'backchannel-logout', subject: alice.id, data: '', ...finished };
  await dataSource.getRepository(Delivery).insert([
    { id: '1'.repeat(64), recipient: 'shop', state: 'delivered', answer: '', ...common },
    { id: '2'.repeat(64), recipient: 'forum', state: 'dead', answer: 'status 400', ...common },
  ]);
}

/** What a stream holds, and what it gave up. */
async function recordHeld({ dataSource }: TestServer): Promise<void> {
  const { id: recipient } = await dataSource.getRepository(Stream).findOneByOrFail({});
  const common = { outboxId: 'lost', sink: SINK, recipient, subject: alice.id, data: '', priority: 0, attempts: 1 };
  const rows = ['3', '4', '5'].map((id) => ({
    ...{ id: id.repeat(64), state: id === '5' ? 'dead' : 'held', answer: '', ...common },
    ...{ dueAt: null, finishedAt: 2000, claimedBy: null },
  }));
  await dataSource.getRepository(Delivery).insert(rows as never);
}

describe.runIf(isInstalled('tmux'))('lists of the tui', () => {
  const env = { GTR_SHARED_SIGNALS: 'on' };
  const server = serverFixture(databases[0]!, { env });
  let tui: Terminal;
  beforeAll(async () => {
    await build();
    await revokePerson(server, alice);
    await revokePerson(server, bob);
    const settings = { DATABASE_URL: server.databaseUrl, GTR_DATA_DIR: server.dataDir };
    await ctlJson(['revoke', '--format', 'uid', '--id', 'alice', '--reason', 'laptop stolen'], settings);
    await recordDeliveries(server);
    const stream = ['--url', 'https://siem.example.com/events', '--audience', 'siem'];
    await ctlJson(['streams', 'create', 'siem', ...stream], { ...settings, ...env });
    tui = await openTui(server, { env });
    await tui.until(/^› .* alice .*\n.* bob /m);
  });
  afterAll(() => tui?.close());

  const pressed = (key: string, shown: RegExp): Promise<string> => press(tui, key, shown);
  /** The keys of a view, in its help. */
  const ALL = ['/', '↑ ↓ j k', 'PgUp PgDn', 'Home End', '1-7', '?', 'q'];

  test('j and k move like the arrow keys, also when several arrive at once', async () => {
    await pressed('3', /^› demo-app /m);
    await pressed('j', /^› demo-device /m);
    await tui.type('jj');
    await tui.until(/^› demo-operator /m);
    await pressed('Up', /^› demo-noscope /m);
    await tui.type('kk');
    await tui.until(/^› demo-app /m);
  });

  test.each([
    ['1', 'BOB', /\(1 of 3\)[^]*^› .* bob /m, / alice /],
    ['3', 'oper', /\(1 of 5\)[^]*^› demo-operator /m, /demo-app/],
    ['4', 'nonsense', /\(0 of 2\)[^]*Nothing matches the filter/, /GLOBAL_TOKEN_REVOCATION/],
    ['5', 'signed', /Nothing matches the filter/, /discovery/],
    ['6', 'forum', /\(1 of 2\)[^]*^› .* forum +dead/m, / shop /],
  ])(
    'view %s: / and %s show only matches, Enter keeps the filter and Esc clears it',
    async (view, text, shown, hidden) => {
      await pressed(view, new RegExp(`\\[${view} [^]*^› `, 'm'));
      await tui.type('/');
      await tui.until(/^filter .*Esc|^filter[^]*Esc clear it/m);
      await tui.type(text);
      expect(await tui.until(shown)).not.toMatch(hidden);
      const screen = await pressed('Enter', /Esc clear filter/);
      expect(screen).toMatch(new RegExp(`^filter ${text} +\\(`, 'm'));
      expect(screen).not.toMatch(hidden);
      expect(await pressed('Escape', hidden)).not.toMatch(/^filter/m);
    },
  );

  test('letters of a filter are text: they change no view, ask nothing and move nothing; arrow keys move', async () => {
    await pressed('3', /^› demo-app /m);
    await tui.type('/demo-');
    await tui.until(/^filter demo- .*\(5 of 5\)/m);
    await tui.press('Down');
    await pressed('n', /^filter demo-n .*\(1 of 5\)\n[^]*^› demo-noscope /m);
    let typed = 'demo-n';
    for (const letter of 'drajkq1?') {
      typed += letter; // one by one: letters that arrive together are no keys
      const screen = await pressed(letter, new RegExp(`^filter ${typed.replace('?', '\\?')} `, 'm'));
      expect(screen).toContain('[3 Callers]');
      expect(screen).not.toMatch(/\?\s+y\/N|KEYS IN THIS VIEW/);
    }
    await pressed('Escape', /^› demo-\w+ +enabled[^]*a add/m);
  });

  test.each([
    ['1', ['Enter', ...ALL]],
    ['2', ['←→', 'Enter', '↑↓', '1-7', '?', 'q']],
    ['3', ['d', 'r', 'a', 'Enter', ...ALL]],
    ['4', ['Enter', ...ALL]],
    ['5', ['r', 'Enter', ...ALL]],
    ['6', ['Enter', ...ALL]],
    ['7', ['p', 'Enter', ...ALL]],
  ])('view %s: ? names every key, and none of them acts behind it; Esc and ? close it', async (view, keys) => {
    await pressed(view, new RegExp(`\\[${view} [^]*^› `, 'm'));
    const help = await pressed('?', /KEYS IN THIS VIEW/);
    const lines = help.split('\n');
    for (const key of keys) expect(lines.filter((line) => line.startsWith(`${key}  `))).toHaveLength(1);
    await tui.press('d', 'Enter');
    await pressed('Escape', /^(?![^]*KEYS IN THIS VIEW)[^]*\? help/);
    expect(await tui.screen()).not.toMatch(/y\/N/);
    await pressed('?', /KEYS IN THIS VIEW/);
    await pressed('?', /^(?![^]*KEYS IN THIS VIEW)[^]*\? help/);
  });

  test('the view of deliveries shows who was told, and Enter what a recipient answered', async () => {
    await pressed('6', /^› .* shop +delivered\n.* forum +dead/m);
    await pressed('j', /^› .* forum /m);
    const details = await pressed('Enter', /^answer +status 400$/m);
    expect(details).toMatch(/^recipient +forum \(backchannel-logout\)$/m);
    expect(details).toMatch(new RegExp(`^record +${OUTBOX_ID}$`, 'm'));
    await pressed('Escape', /^› .* forum /m);
  });

  test('the view of streams counts what each has pending and what was given up', async () => {
    await recordHeld(server);
    await pressed('7', /^› siem +enabled +2 +1 /m);
    const details = await pressed('Enter', /^pending +2 events$/m);
    expect(details).toMatch(/^dead +1 event$/m);
    await pressed('Escape', /^› siem /m);
    await server.dataSource.getRepository(Delivery).delete({ sink: SINK });
  });

  test('the view of streams shows each; p asks, n changes nothing, y pauses it and then resumes it', async () => {
    await pressed('7', /^› siem +enabled /m);
    await pressed('p', /Pause the stream to siem\? It then holds its events\. +y\/N/);
    expect(await pressed('n', /p pause or resume/)).toMatch(/^› siem +enabled /m);
    await pressed('p', /y\/N/);
    await pressed('y', /the stream to siem is paused[^]*/);
    await tui.until(/^› siem +paused \(locked\) /m);
    await pressed('p', /Resume the stream to siem\? It then sends the events that it holds\./);
    await pressed('y', /the stream to siem is enabled/);
    await tui.until(/^› siem +enabled /m);
    const details = await pressed('Enter', /^pushed to +https:\/\/siem\.example\.com\/events$/m);
    expect(details).toMatch(/^receiver +siem \(created by the operator\)$/m);
    await pressed('Escape', /^› siem /m);
    const changes = await ctlJson<Array<{ action: string }>>(['changes', 'list'], {
      DATABASE_URL: server.databaseUrl,
      GTR_DATA_DIR: server.dataDir,
    });
    expect(changes.map(({ action }) => action)).toEqual(['stream.resume', 'stream.pause', 'stream.create']);
  });

  test('j, k and ? are text in a field', async () => {
    await pressed('2', /› named by/);
    await pressed('j', /› id/);
    await tui.type('jk?');
    await tui.until(/› id +jk\?/);
    await pressed('Escape', /› named by/);
  });

  test.each([
    [80, ['TIME (UTC)', 'ACCOUNT', 'BY', 'ENDED']],
    [100, ['TIME (UTC)', 'ACCOUNT', 'BY', 'ENDED']],
    [120, ['TIME (UTC)', 'ACCOUNT', 'BY', 'FORMAT', 'ENDED', 'RECORD']],
    [200, ['TIME (UTC)', 'ACCOUNT', 'BY', 'FORMAT', 'ENDED', 'RECORD', 'ACCOUNT ID', 'REASON']],
  ])('%i columns show what fits, and nothing is cut', async (columns, headings) => {
    await tui.resize(columns, 24);
    await tui.until(new RegExp(`^─{${columns}}$`, 'm'));
    const revocations = await pressed('1', /TIME[^]* bob /);
    expect(revocations.split('\n')[3]!.trim().split(/ {2,}/)).toEqual(headings);
    expect(revocations).not.toContain('…');
    if (columns === 200) expect(revocations).toMatch(new RegExp(` alice .* ${alice.id} +laptop stolen`));
    expect(await pressed('3', /demo-page/)).not.toContain('…');
  });

  test('60 columns cut the widest columns and use the whole line', async () => {
    await tui.resize(60, 24);
    // Until it has drawn the screen again, the terminal shows the old one in lines of 60 characters.
    const screen = await pressed('3', /^─{60}\n(?!─)[^]*› demo-app[^]*…/m);
    const rows = screen.split('\n').filter((line) => line.includes('…'));
    expect(Math.max(...rows.map((line) => line.length))).toBe(60);
  });
});
