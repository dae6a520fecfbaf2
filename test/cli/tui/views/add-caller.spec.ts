import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases } from '../../../support/databases.js';
import { isInstalled } from '../../../support/tools.js';
import { basic, revoke } from '../../../support/operator.js';
import { serverFixture } from '../../../support/server.js';
import { build } from '../../../support/server-process.js';
import type { Terminal } from '../../../support/terminal.js';
import { ctlJson } from '../../ctl.js';
import { openTui, press } from '../../tui.js';

describe.runIf(isInstalled('tmux'))('adding a caller in the tui', () => {
  const server = serverFixture(databases[0]!);
  let tui: Terminal;
  beforeAll(async () => {
    await build();
    tui = await openTui(server);
  });
  afterAll(() => tui?.close());

  const pressed = (key: string, shown: RegExp): Promise<string> => press(tui, key, shown);
  const clients = async () => {
    const all = await ctlJson<Array<{ clientId: string }>>(['clients', 'list'], { DATABASE_URL: server.databaseUrl });
    return all.map(({ clientId }) => clientId);
  };
  /** Opens the form and types a client id. */
  const named = async (id: string): Promise<void> => {
    // What is shown already is no sign that a key has arrived, and keys that arrive together are one text.
    if (!(await tui.screen()).includes('[3 Callers]')) await pressed('3', /\[3 Callers\][^]*› demo-app/);
    await pressed('a', /› client id/);
    await tui.type(id);
    await tui.until(new RegExp(`› client id +${id}`));
  };

  test('Esc, an invalid value and n register nothing', async () => {
    const before = await clients();
    await named('hr');
    await pressed('Escape', /› demo-app/);

    await named('hr');
    await tui.press('Down', 'Down', 'Down');
    await tui.type('uid,nonsense');
    await tui.press('Enter', 'Enter', 'Enter');
    await pressed('1', /\[3 Callers\][^]*› unknown user/);
    await tui.press('Enter', 'Enter');
    await tui.until(/! unknown format 'nonsense'; formats of this server: uid/);
    await tui.press('Up', 'Up', 'Up', 'Up', ...Array.from(',nonsense', () => 'BSpace'));
    await tui.until(/› formats +uid *\n/);
    await tui.press('Enter', 'Enter', 'Enter', 'Enter', 'Enter');
    await tui.until(/client +hr\n[^]*scope +global_token_revocation\n.*\{"formats":\["uid"\]\}[^]*Register hr\? y\/N/);
    await tui.press('x', 'Enter', '4');
    await pressed('n', /› keys/);
    await pressed('Escape', /› demo-app/);
    expect(await clients()).toEqual(before);
  });

  test('y registers a caller, shows a working secret once and records the operator', async () => {
    await named('hr');
    await tui.press(...Array.from({ length: 7 }, () => 'Down'), 'Enter');
    await tui.until(/Register hr\? y\/N/);
    await tui.press('y');
    const [, secret] = /secret +(\S{43})\n/.exec(await tui.until(/secret +\S{43}\n[^]*shown once/))!;
    expect(await pressed('s', /hr +enabled +yes/)).not.toContain(secret);
    const answer = await revoke(server, { format: 'uid', id: 'bob' }, { authorization: basic('hr', secret!) });
    expect(answer.status).toBe(204);
    const changes = await ctlJson<object[]>(['changes', 'list'], { DATABASE_URL: server.databaseUrl });
    expect(changes).toMatchObject([{ actor: `cli:${userInfo().username}`, action: 'client.add', target: 'hr' }]);
    expect(JSON.stringify(changes)).not.toContain(secret);
  });

  test('the form explains a taken id and a missing key file', async () => {
    await named('hr');
    await tui.press(...Array.from({ length: 7 }, () => 'Down'));
    await tui.type('nowhere.pem');
    await pressed('Enter', /! 'nowhere.pem' is invalid for keys\. The file cannot be read \(ENOENT\)\./);
    await tui.press(...Array.from('nowhere.pem', () => 'BSpace'), 'Enter');
    await tui.until(/Register hr\? y\/N/);
    await pressed('y', /! a client 'hr' already exists/);
    await pressed('Escape', /› demo-app/);
  });
});
