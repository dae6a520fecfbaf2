import type Provider from 'oidc-provider';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runInEpochContext } from '../../src/module/oidc-provider/epoch-context.js';
import { OIDC_PROVIDER } from '../../src/reference-op/op/op.options.js';
import { formTo } from '../support/browser.js';
import { describeEachServer } from '../support/databases.js';
import { flows } from '../support/every-call-flows.js';
import { Run } from '../support/every-call-run.js';
import { Sweep } from '../support/every-call-sweep.js';
import { alice, demoApp } from '../support/people.js';

describeEachServer('alice is revoked at every adapter call', (database) => {
  let sweep: Sweep;
  let placements = 0;
  // The adapter of the reference server gets every place; that of HTTP is above all this, so the other gets every sixth.
  const step = database.adapter === 'fastify' ? 1 : 6;

  beforeAll(async () => {
    sweep = await Sweep.start(database);
  });
  afterAll(() => sweep.stop());

  for (const flow of flows) {
    for (const when of ['before', 'after'] as const) {
      test(
        `${flow.name}: nothing of alice survives a revocation just ${when} ${step === 1 ? 'every' : 'every sixth'} call`,
        { timeout: 300_000 },
        async () => {
          const calls = await sweep.callsOf(flow);
          const faults: string[] = [];
          for (let k = 1; k <= calls.length; k += step) faults.push(...(await sweep.strike(flow, { k, when })));
          placements += Math.ceil(calls.length / step);
          expect(faults).toEqual([]);
        },
      );
    }
  }

  const least = 650 / step;
  test(`all flows together make at least ${Math.floor(least)} placements`, ({ annotate }) => {
    expect(placements).toBeGreaterThanOrEqual(least);
    return annotate(`${placements} placements on ${database.name}`);
  });

  for (const flow of flows.filter(({ types }) => types)) {
    test(`${flow.name}: nothing of alice survives a revocation during the password check`, async () => {
      expect(await sweep.strikeWhileChecking(flow)).toEqual([]);
    });
  }

  test('a later login inherits the older epoch of a request that read her old session', async () => {
    const { app, calls } = sweep.world;
    const run = new Run(sweep.world);
    const request = await app.request();
    const login = await run.browser.open(request.url);
    await run.authorize(await app.request(), alice);
    const post = formTo(login, '/login')!;
    const typed = new URLSearchParams({ identifier: alice.uid, password: alice.password });
    calls.start({ k: 1, when: 'after' }, async () => {
      await sweep.revoke();
      const sent = await run.browser.send(new URL(post.action, login.url), { method: 'POST', body: typed });
      expect(sent.status).toBe(303);
    });
    const resume = await run.walk(await run.browser.open(login.url.pathname.replace('interaction', 'auth')), alice);

    expect(calls.log[0]).toBe('Session.find');
    expect(resume.text).toContain('You have been signed out');
    expect(await sweep.judge(run)).toEqual([]);
  });

  test('cannot save for alice in a request without her sign-in or credential', async () => {
    await sweep.callsOf(flows[0]!);
    const provider = sweep.world.server.app.get<Provider>(OIDC_PROVIDER);
    const grant = () => new provider.Grant({ accountId: alice.id, clientId: demoApp.clientId }).save();
    await expect(runInEpochContext(grant)).rejects.toThrow('no epoch for this user in the current request');
    await expect(grant()).rejects.toThrow('no epoch context');
  });
});
