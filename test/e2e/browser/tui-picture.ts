import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Sweeper } from 'nestjs-global-revocation';
import { expect, test } from 'vitest';
import { openTui } from '../../cli/tui.js';
import { Browser } from '../../support/browser.js';
import { databases } from '../../support/databases.js';
import { revokePerson } from '../../support/operator.js';
import { alice, bob, breakfast } from '../../support/people.js';
import { RelyingParty } from '../../support/relying-party.js';
import { startServer } from '../../support/server.js';
import { build } from '../../support/server-process.js';
import { startChromium } from './chromium.js';
import { smallPng } from './small-png.js';
import { terminalPage } from './terminal-page.js';

/** What a newcomer sees, who does not start on a random port. */
const ISSUER = 'http://localhost:3000';

test('takes a picture of a revocation in the terminal interface', async () => {
  await build();
  const server = await startServer(databases[0]!);
  const party = await RelyingParty.discover(server);
  const terminal = await openTui(server, { env: { ISSUER } });
  const chromium = await startChromium();
  try {
    for (const person of [breakfast, bob, alice]) await party.signIn(new Browser(server.url), person);
    for (const person of [breakfast, bob]) await revokePerson(server, person);
    await server.app.get(Sweeper, { strict: false }).sweep(0); // otherwise what ended is counted after 30 seconds
    const page = await chromium.newPage({ deviceScaleFactor: 2, locale: 'en-GB' });
    const take = async (name: string): Promise<void> => {
      await page.setContent(terminalPage((await terminal.colouredScreen()).replace(/\n+$/, '')));
      const screen = page.locator('pre');
      expect(await screen.textContent()).toContain('Global Token Revocation');
      await writeFile(join(process.env['PICTURES']!, `${name}.png`), smallPng(await screen.screenshot()));
    };
    await terminal.until(/tokens[^]*tokens/);
    await take('tui-revocations');
    await terminal.press('2');
    await terminal.until(/‹ uid ›/);
    await terminal.press('Down');
    await terminal.until(/› id/);
    await terminal.type('alice');
    await terminal.press('Down');
    await terminal.until(/› reason/);
    await terminal.type('laptop stolen');
    await terminal.until(/laptop stolen/);
    await terminal.press('Enter');
    await terminal.until(/1 session, 2 tokens live/);
    await take('tui-revoke');
  } finally {
    await chromium.close();
    await terminal.close();
    await server.stop();
  }
});
