import { mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { runCtl } from '../cli/ctl.js';
import { Balancer } from '../support/balancer.js';
import { Browser } from '../support/browser.js';
import { databases } from '../support/databases.js';
import { freePort } from '../support/free-port.js';
import { basic, revokePerson } from '../support/operator.js';
import { alice, bob, breakfast, demoApp } from '../support/people.js';
import { RelyingParty } from '../support/relying-party.js';
import type { TestServer } from '../support/server.js';
import { build, startProcess } from '../support/server-process.js';
import { unlimited } from '../support/unlimited.js';

/** Between two of the same kind, in milliseconds: nodes have to start meanwhile. */
const PAUSE = 100;

/** What makes a node or a command one of a later version. */
const LATER = { NODE_OPTIONS: `--import ${resolve('test/support/new-version.mjs')}` };
const node = (port: number) => ({ port, endpoint: `http://127.0.0.1:${port}/global-token-revocation` });

/** Whether a node takes an access token. */
async function isLiveAt({ port }: { port: number }, token: string): Promise<unknown> {
  const headers = { authorization: basic(demoApp.clientId, demoApp.secret) };
  const body = new URLSearchParams({ token });
  const response = await fetch(`http://127.0.0.1:${port}/token/introspection`, { method: 'POST', headers, body });
  return ((await response.json()) as { active: unknown }).active;
}

const readiness = async ({ port }: { port: number }): Promise<number> =>
  (await fetch(`http://127.0.0.1:${port}/readyz`)).status;

/** Does each of these again and again until it is told to end. */
class Load {
  private readonly done: Record<string, number> = {};
  private readonly failures: string[] = [];
  private readonly running: Array<Promise<void>>;
  private isOver = false;

  constructor(work: Record<string, () => Promise<unknown>>) {
    this.running = Object.entries(work).map(([name, once]) => this.repeat(name, once));
  }

  /** Waits until each has been done once more, from its beginning. */
  async another(): Promise<void> {
    const before = { ...this.done };
    const isBehind = (name: string): boolean => this.done[name]! < before[name]! + 2;
    while (Object.keys(before).some(isBehind) && this.failures.length === 0) await sleep(20);
  }

  /** @returns how often each was done, and what failed */
  async end(): Promise<{ done: Record<string, number>; failures: string[] }> {
    this.isOver = true;
    await Promise.all(this.running);
    return { done: this.done, failures: this.failures };
  }

  private async repeat(name: string, once: () => Promise<unknown>): Promise<void> {
    this.done[name] = 0;
    for (; !this.isOver && this.failures.length === 0; await sleep(PAUSE)) {
      await once().then(
        () => (this.done[name]! += 1),
        (error: unknown) => this.failures.push(`${name}: ${String(error)} ${String((error as Error).cause)}`),
      );
    }
  }
}

beforeAll(build);

describe.skipIf(!databases[1]!.available)('a new version, under load', () => {
  test('no request fails while it migrates, runs beside the old node and replaces it', async () => {
    const { url: DATABASE_URL, drop } = await databases[1]!.create();
    const cwd = await mkdtemp(join(inject('tempDir'), 'upgrade-'));
    const [before, after] = [node(await freePort()), node(await freePort())];
    const balancer = new Balancer(before.port);
    const url = `http://127.0.0.1:${await balancer.open()}`;
    const op = { url, endpoint: `${url}/global-token-revocation` } as TestServer;
    const shared = { ISSUER: url, DATABASE_URL, GTR_DATA_DIR: cwd, GTR_SWEEP_INTERVAL_MS: '100' };
    const notice = { GTR_SHUTDOWN_NOTICE_MS: '1500' };
    const start = async ({ port }: typeof before, version: object = {}) => {
      const settings = { ...shared, ...notice, ...unlimited, ...version, PORT: String(port) };
      const started = await startProcess(cwd, settings);
      onTestFinished(started.kill);
      return started;
    };

    const old = await start(before);
    const party = await RelyingParty.discover(op);
    const browser = new Browser(url);
    const first = await party.signIn(browser, alice);
    let refresh = first.refresh_token!;
    const load = new Load({
      'sign-in': () => party.signIn(new Browser(url), alice),
      refresh: async () => (refresh = (await party.refresh(refresh)).refresh_token!),
      'single sign-on': async () =>
        expect((await party.silently(browser)).url.searchParams.get('code')).toEqual(expect.any(String)),
      introspection: async () => expect((await party.introspect(first.access_token)).active).toBe(true),
      revocation: () => revokePerson(op, bob),
    });
    await load.another();

    const { code, out } = await runCtl(['migrate', '--json'], { ...shared, ...LATER });
    expect({ code, ran: (JSON.parse(out) as { ran: string[] }).ran }).toEqual({
      code: 0,
      ran: ['GtrLater9763769600000'],
    });
    await load.another();
    expect(await readiness(before)).toBe(200);

    const next = await start(after, LATER);
    expect(await readiness(after)).toBe(200);
    for (const [here, there] of [
      [before, after],
      [after, before],
    ] as const) {
      const { access_token: token } = await party.signIn(new Browser(url), breakfast);
      expect([await isLiveAt(here, token), await isLiveAt(there, token)]).toEqual([true, true]);
      await revokePerson(here, breakfast);
      expect([await isLiveAt(here, token), await isLiveAt(there, token)]).toEqual([false, false]);
    }

    const stopped = old.stop();
    await expect.poll(() => readiness(before), { timeout: 5000, interval: 20 }).toBe(503);
    balancer.target = after.port;
    const took = await stopped;
    await load.another();
    const { done, failures } = await load.end();
    console.log(`${JSON.stringify(done)}, the old node ended after ${took} ms`);
    expect(failures).toEqual([]);
    expect(took).toBeLessThan(10_000);
    expect((await party.introspect(first.access_token)).active).toBe(true);

    await next.stop();
    balancer.close();
    await drop();
  }, 120_000);
});
