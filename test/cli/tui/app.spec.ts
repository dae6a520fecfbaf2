import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Browser } from '../../support/browser.js';
import { databases } from '../../support/databases.js';
import { freePort } from '../../support/free-port.js';
import { basic, revoke, revokePerson } from '../../support/operator.js';
import { alice, bob, demoOperator } from '../../support/people.js';
import { RelyingParty } from '../../support/relying-party.js';
import { serverFixture } from '../../support/server.js';
import { build } from '../../support/server-process.js';
import { isInstalled } from '../../support/tools.js';
import type { Terminal } from '../../support/terminal.js';
import { ctlJson } from '../ctl.js';
import { openTui, press } from '../tui.js';

const FLAG = 'GLOBAL_TOKEN_REVOCATION';
const ENDPOINT = 'global_token_revocation_endpoint';

describe.runIf(isInstalled('tmux'))('tui in a terminal of 80×24, while a server runs', () => {
  const server = serverFixture(databases[0]!);
  let tui: Terminal;
  beforeAll(async () => {
    await build();
    tui = await openTui(server);
  });
  afterAll(() => tui?.close());

  const pressed = (key: string, shown: RegExp): Promise<string> => press(tui, key, shown);
  const status = async (secret: string = demoOperator.secret): Promise<number> => {
    const authorization = basic(demoOperator.clientId, secret);
    return (await revoke(server, { format: 'uid', id: 'bob' }, { authorization })).status;
  };
  const isPublished = async (): Promise<boolean> => {
    const response = await fetch(`${server.url}/.well-known/openid-configuration`);
    return ENDPOINT in ((await response.json()) as object);
  };
  /** Makes the terminal too small and large again, and presses keys in between. @returns what it showed when it was small */
  const shrunken = async (...keys: string[]): Promise<string> => {
    await tui.resize(50, 10);
    const screen = await tui.until(/at least 60 columns/);
    await tui.press(...keys);
    await tui.resize(80, 24);
    return screen;
  };
  /** Presses the key that says yes. @returns when both endpoint and discovery have followed */
  const confirmed = async (expected: number): Promise<number> => {
    await tui.press('y');
    for (
      const late = Date.now() + 10_000;
      (await status()) !== expected || (await isPublished()) !== (expected === 204);
    ) {
      if (Date.now() > late) throw new Error(`not followed:\n${await tui.screen()}`);
      await sleep(20);
    }
    return Date.now();
  };
  const changes = () =>
    ctlJson<Array<Record<string, string>>>(['changes', 'list'], { DATABASE_URL: server.databaseUrl });

  test('n keeps a flag, y switches it, and endpoint and discovery follow within a second', async () => {
    await pressed('4', /FLAG +STATE[^]*› GLOBAL_TOKEN_REVOCATION +on/);
    await pressed('Enter', /Switch GLOBAL_TOKEN_REVOCATION off, on every node\?/);
    await tui.press('x', 'Enter');
    await pressed('n', /^(?![^]*every node\?)/);
    expect([await status(), await changes()]).toEqual([204, []]);

    await pressed('Enter', /off, on every node\?/);
    const off = await confirmed(403);
    expect(await tui.until(/✓ GLOBAL_TOKEN_REVOCATION is off/)).toMatch(/revocation is OFF\n[^]*› \S+ +off +stored/);
    await pressed('Enter', /on, on every node\?/);
    const on = await confirmed(204);
    await tui.until(/revocation is on\n[^]*✓ GLOBAL_TOKEN_REVOCATION is on/);
    const actor = `cli:${userInfo().username}`;
    const [enabled, disabled] = await changes();
    expect(enabled).toMatchObject({ actor, action: 'flag.enable', target: FLAG });
    expect(disabled).toMatchObject({ actor, action: 'flag.disable', target: FLAG });
    const took = [off - Date.parse(disabled!['createdAt']!), on - Date.parse(enabled!['createdAt']!)];
    console.log(`the server followed after ${took.join(' ms and ')} ms`);
    // A second, and as long again where the machine is busy.
    expect(Math.max(...took)).toBeLessThan(2000);
  });

  test('a revocation made elsewhere appears, and Enter shows all its details', async () => {
    await pressed('1', /\[1 Revocations\][^]*TIME/);
    await revokePerson(server, alice);
    await tui.until(new RegExp(`^› .*${alice.uid} +demo-operator`, 'm'));
    await pressed(
      'Enter',
      new RegExp(`account +${alice.id} \\(alice\\)\\nby +demo-operator \\(client_secret_basic[^]*epoch +\\d+ → \\d+`),
    );
    await pressed('Escape', /^› /m);
  });

  test('naming a user shows what would end, n ends nothing, y revokes with a record', async () => {
    const party = await RelyingParty.discover(server);
    const tokens = await party.signIn(new Browser(server.url), bob);
    await pressed('2', /named by +‹ uid ›/);
    await tui.press('Down', 'n', 'o', 'b', 'o', 'd', 'i', 'BSpace', 'y', 'Down');
    await tui.type('laptop stolen 1');
    await tui.until(/id +nobody\n› reason +laptop stolen 1$/m);
    await shrunken('x', 'Up');
    await tui.until(/id +nobody\n› reason +laptop stolen 1$/m);
    await pressed('Enter', /! no user matches \{"format":"uid","id":"nobody"\}/);

    await tui.press('Up');
    await tui.press(...Array.from('nobody', () => 'BSpace'));
    await tui.until(/› id *\n/);
    await tui.press('C-u', 'b', 'o', 'x', 'b', 'Left', 'BSpace', 'Enter', 'Enter');
    const facts = `account +${bob.id} \\(bob\\)\\n.*uid bob\\nhas +1 session, 2 tokens live\\nreason +laptop stolen 1`;
    await tui.until(new RegExp(facts));
    await pressed('n', /id +bob/);
    expect(await party.introspect(tokens.access_token)).toMatchObject({ active: true });

    await pressed('Enter', /End every token and session of/);
    expect(await shrunken('y')).toContain('What you typed is kept.');
    await tui.until(/End every token and session of/);
    await tui.press('y');
    const screen = await tui.until(/✓ Revoked \S+ \(bob\): every token and session\s+has\s+ended\.\s+Record\s+(\S+)/);
    const [, id] = /Record\s+(\S+)/.exec(screen)!;
    expect(await party.introspect(tokens.access_token)).toEqual({ active: false });
    const env = { DATABASE_URL: server.databaseUrl };
    const record = await ctlJson(['revocations', 'show', id!], env);
    expect(record).toMatchObject({ subject: bob.id, method: 'tui', format: 'uid', reason: 'laptop stolen 1' });
  });

  test('a caller can be disabled, and get a second secret that is shown once and replaces the first', async () => {
    await pressed('3', /CLIENT +STATE[^]*› demo-app/);
    await tui.press('Down', 'Down', 'Down');
    await tui.until(/› demo-operator +enabled +yes/);
    await pressed('d', /Disable demo-operator\?/);
    await pressed('y', /› demo-operator +disabled/);
    expect(await status()).toBe(401);
    await pressed('e', /Enable demo-operator\?/);
    await pressed('y', /› demo-operator +enabled/);
    expect(await status()).toBe(204);

    await pressed('r', /Create a new secret for demo-operator\?/);
    await tui.press('y');
    const [, secret] = /secret +(\S{43})\n/.exec(await tui.until(/shown once/))!;
    expect([await status(), await status(secret!)]).toEqual([204, 204]);
    await tui.press('q'); // not before it is saved
    expect(await shrunken('s')).not.toContain(secret);
    await tui.until(new RegExp(`secret +${secret}\n[^]*s I have saved it`));
    await tui.press('s');
    expect(await tui.until(/› demo-operator .* \w{8}, \w{8}/)).not.toContain(secret);
    await pressed('f', /End the older secret of demo-operator\?/);
    await pressed('y', /the older secret has ended/);
    expect([await status(), await status(secret!)]).toEqual([401, 204]);
  });

  test('an invalid identifier is explained in words of the form', async () => {
    await pressed('2', /named by +‹ uid ›/);
    await pressed('Left', /named by +‹ (?!uid)/);
    await pressed('Right', /named by +‹ uid ›/);
    await pressed('Down', /› id *\n/);
    await pressed('Enter', /› reason/);
    const screen = await pressed('Enter', /! not a valid id for the format uid\n/);
    expect(screen).not.toContain('--');
    await pressed('Escape', /› named by/);
  });

  test('each key of a burst acts, and no invisible character is typed', async () => {
    await pressed('Down', /› id *\n/);
    await tui.type('ex\u007f\u200b\u0015ve\rby\u001b[D\u007fm\r');
    await tui.until(/id +eve\n› reason +my *\n[^]*! no user matches .*"id":"eve"/);
    await pressed('Escape', /› named by/);
  });

  test('health shows the checks of doctor', async () => {
    await pressed(
      '5',
      /^› ok +application .*\n +ok +database +is writable\n( +ok .*\n)* +ok +discovery +publishes http/m,
    );
  });

  test('the views adapt to another terminal size', async () => {
    await tui.resize(130, 40);
    await pressed('1', new RegExp(`ACCOUNT[^]*FORMAT +ENDED[^]* bob +demo-operator +uid `));
    await tui.resize(50, 10);
    await tui.until(/at least 60 columns/);
    await tui.resize(80, 24);
    await tui.until(/\[1 Revocations\]/);
  });
});

describe.runIf(isInstalled('tmux'))('tui in a terminal of 80×24, where tables are missing and no server runs', () => {
  const server = serverFixture(databases[0]!);
  let tui: Terminal;
  beforeAll(async () => {
    for (const { tableName } of server.dataSource.entityMetadatas) {
      await server.dataSource.query(`DROP TABLE ${tableName}`);
    }
    tui = await openTui(server, { env: { ISSUER: `http://127.0.0.1:${await freePort()}` } }, /q quit/);
  });
  afterAll(() => tui?.close());

  test('health shows a line for each check, and Enter shows the full text of one', async () => {
    await tui.press('5');
    await tui.until(/^› ok +application[^]*^ +FIX +tables +.*…\n[^]*^ +FIX +discovery .*…\n/m);
    await tui.type('/tables');
    await tui.until(/^› FIX +tables/m);
    await tui.press('Enter');
    await tui.resize(60, 16);
    await tui.until(/^─{60}$/m);
    await tui.press('Enter');
    const top = /FIX {2}tables\nthe\s+tables\s+gtr_\w+[^]*↑↓ scroll/;
    expect(await tui.until(top)).not.toMatch(/your\s+own\s+r check now  ↑↓ scroll/);
    const pages = 10; // more than the missing tables fill
    await tui.press(...Array<string>(pages).fill('PageDown'));
    expect(await tui.until(/your\s+own\s+r check now  ↑↓ scroll/)).not.toMatch(top);
    await tui.press(...Array<string>(pages).fill('PageUp'));
    await tui.until(top);
    await tui.press('Escape');
    await tui.until(/^› FIX +tables/m);
  });
});
