import { calculatePKCECodeChallenge, randomPKCECodeVerifier, randomState } from 'openid-client';
import { formTo, type Page } from '../support/browser.js';
import { basic } from '../support/operator.js';
import { callback, demoApp, demoDevice, type Person } from '../support/people.js';
import { walkThrough } from '../support/sign-in.js';
import { type LogBook, LoggedBrowser } from './run-log-book.js';

type Client = Pick<typeof demoApp, 'clientId' | 'secret'>;
type Form = Record<string, string>;

/** Tokens of an answer. */
export interface Held {
  access_token: string;
  refresh_token: string;
}

const SCOPE = 'openid offline_access profile email';

/** Those who take part in the story; each request they make is written down. */
export class Actors {
  constructor(private readonly book: LogBook) {}

  browserOf = ({ uid }: Person): LoggedBrowser => new LoggedBrowser(`${uid}'s browser`, this.book);

  /** The browser goes to the application's sign-in and comes back with a code. */
  async code(browser: LoggedBrowser, person: Person): Promise<Form> {
    const code_verifier = randomPKCECodeVerifier();
    const page = await walkThrough(browser, await browser.open(await authorization('consent', code_verifier)), person);
    const code = page.url.searchParams.get('code')!;
    return { grant_type: 'authorization_code', code, code_verifier, redirect_uri: callback };
  }

  signIn = async (browser: LoggedBrowser, person: Person): Promise<Held> =>
    this.tokens(await this.code(browser, person));

  silently = async (browser: LoggedBrowser): Promise<Page> =>
    browser.open(await authorization('none', randomPKCECodeVerifier()));

  /** The application asks the token endpoint. */
  tokens = async (form: Form): Promise<Held> => (await (await this.token(form)).json()) as Held;

  token = (form: Form): Promise<Response> => this.post('demo-app', '/token', demoApp, form);

  refresh = ({ refresh_token }: Held): Promise<Response> => this.token({ grant_type: 'refresh_token', refresh_token });

  introspect = (token: string): Promise<Response> => this.post('demo-app', '/token/introspection', demoApp, { token });

  userinfo = ({ access_token }: Held): Promise<Response> =>
    this.book.call('demo-app', '/me', { method: 'GET', headers: { authorization: `Bearer ${access_token}` } });

  /** The device shows a code, and the person approves it in a browser. */
  async approvedDevice(browser: LoggedBrowser, person: Person): Promise<Form> {
    const form = { client_id: demoDevice.clientId, scope: SCOPE, prompt: 'consent' };
    const answer = await this.post('device', '/device/auth', demoDevice, form);
    const { device_code, user_code } = (await answer.json()) as Form;
    const input = await browser.open('/device');
    const confirm = await browser.submit(input, formTo(input, '/device'), { user_code: user_code! });
    await walkThrough(browser, await browser.submit(confirm, formTo(confirm, '/device'), { confirm: 'yes' }), person);
    return { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: device_code! };
  }

  poll = (form: Form): Promise<Response> => this.post('device', '/token', demoDevice, form);

  /** What the operator's `curl -u … -H … -d …` sends. */
  revoke = (who: string, { clientId, secret }: Client, body: string): Promise<Response> =>
    this.book.call(who, '/global-token-revocation', {
      method: 'POST',
      headers: { authorization: basic(clientId, secret), 'content-type': 'application/json' },
      body,
    });

  private post = (who: string, path: string, { clientId, secret }: Client, form: Form): Promise<Response> =>
    this.book.call(who, path, {
      method: 'POST',
      headers: { authorization: basic(clientId, secret), 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form),
    });
}

async function authorization(prompt: 'consent' | 'none', verifier: string): Promise<string> {
  const parameters = {
    client_id: demoApp.clientId,
    response_type: 'code',
    redirect_uri: callback,
    scope: prompt === 'none' ? 'openid' : SCOPE,
    prompt,
    state: randomState(),
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  return `/auth?${new URLSearchParams(parameters)}`;
}
