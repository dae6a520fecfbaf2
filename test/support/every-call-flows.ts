import { API } from './jwt-api.js';
import { alice, bob } from './people.js';
import type { Run } from './every-call-run.js';

/** A flow that ends with something of alice in somebody's hands. */
export interface Flow {
  name: string;
  /** What is there before: nothing of it is counted, all of it must die. */
  before?: (run: Run) => Promise<void>;
  flow: (run: Run) => Promise<void>;
  /** Whether alice types her password. */
  types?: true;
  /** Whether the password is typed on a page that was opened over a session of alice: such a login inherits its epoch. */
  overSession?: true;
}

const signedIn = async (run: Run, person = alice): Promise<void> =>
  run.authorize(await run.world.app.request(), person);

const authorize = async (run: Run, more: Record<string, string>, person = alice): Promise<void> =>
  run.authorize(await run.world.app.request(more), person);

const forApi = { resource: API };

const authorizeForApi = async (run: Run): Promise<void> =>
  run.authorize(await run.world.app.request(forApi), alice, forApi);

async function refreshTwice(run: Run, more?: Record<string, string>): Promise<void> {
  let token = run.tokens[0]!.tokens.refresh_token!;
  for (const _ of [1, 2]) {
    const tokens = await run.ask(run.world.app.refresh(token, more));
    if (tokens) token = run.keep(tokens, run.world.app).refresh_token!;
  }
}

async function connectDevice(run: Run): Promise<void> {
  const { device, deviceApp } = run.world;
  const started = await device.start();
  await run.walk(await run.browser.open(`/device?user_code=${started.user_code}`), alice);
  const tokens = await run.ask(device.poll(started));
  if (tokens) run.keep(tokens, deviceApp);
  else run.devices.push(started);
}

async function logOut(run: Run): Promise<void> {
  const hint = run.tokens[0]!.tokens.id_token!;
  await run.walk(await run.browser.open(`/session/end?id_token_hint=${hint}`), alice);
}

export const flows: Flow[] = [
  { name: 'code', types: true, flow: (run) => signedIn(run) },
  {
    name: 'single sign-on',
    before: signedIn,
    flow: (run) => authorize(run, { prompt: '', scope: 'openid profile' }),
  },
  { name: 'refresh', before: signedIn, flow: (run) => refreshTwice(run) },
  { name: 'code for a JWT', types: true, flow: authorizeForApi },
  { name: 'refresh to a JWT', before: authorizeForApi, flow: (run) => refreshTwice(run, forApi) },
  { name: 'device', types: true, flow: connectDevice },
  { name: 'device over a session', before: signedIn, flow: connectDevice },
  { name: 'consent', before: signedIn, flow: (run) => authorize(run, { prompt: 'consent' }) },
  {
    name: 'login over a session',
    before: signedIn,
    flow: (run) => authorize(run, { prompt: 'login consent' }),
    types: true,
    overSession: true,
  },
  {
    name: 'another person over her session',
    before: signedIn,
    flow: (run) => authorize(run, { prompt: 'login consent' }, bob),
  },
  {
    name: 'she over the session of another person',
    types: true,
    before: (run) => signedIn(run, bob),
    flow: (run) => authorize(run, { prompt: 'login consent' }),
  },
  {
    name: 'pushed request',
    types: true,
    flow: async (run) => run.authorize(await run.world.app.pushedRequest(), alice),
  },
  { name: 'logout', before: signedIn, flow: logOut },
];
