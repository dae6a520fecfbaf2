import { type DeviceAuthorizationResponse, ResponseBodyError } from 'openid-client';
import { Browser, formTo, type Page } from './browser.js';
import type { Calls } from './every-call.js';
import { alice, bob, callback, type Person } from './people.js';
import type { Device, RelyingParty, Request, Tokens } from './relying-party.js';
import { allow, typePassword } from './sign-in.js';
import type { TestServer } from './server.js';

/** What a run happens on. */
export interface World {
  server: TestServer;
  calls: Calls;
  app: RelyingParty;
  device: Device;
  deviceApp: RelyingParty;
}

interface HandedOut {
  tokens: Tokens;
  to: RelyingParty;
  /** Whose, as the ID token says. */
  sub: string | undefined;
  /** Whether alice typed a password after the revocation before it was handed out: then it is meant to live. */
  late: boolean;
}

/** One run of a flow: one browser, and everything that was handed out on the way. */
export class Run {
  readonly browser: Browser;
  readonly tokens: HandedOut[] = [];
  readonly codes: Array<{ request: Request; page: Page; late: boolean }> = [];
  /** Device codes that a poll got nothing for. */
  readonly devices: DeviceAuthorizationResponse[] = [];
  /** Answers that no revocation excuses. */
  readonly faults: string[] = [];
  /** Alice's password was typed, and its check began, after the revocation. */
  late = false;
  /** The password that is being checked was sent after the revocation. */
  sentAfter = false;

  constructor(readonly world: World) {
    const faults = this.faults;
    this.browser = new (class extends Browser {
      override async send(url: URL, init: RequestInit): Promise<Response> {
        const response = await super.send(url, init);
        if (response.status >= 500) faults.push(`${response.status} ${init.method} ${url.pathname}`);
        return response;
      }
    })(world.server.url);
  }

  /** From wherever a request led to its end: the application, or a page without a way on. */
  async walk(start: Page, person: Person): Promise<Page> {
    let page = start;
    for (let steps = 0; steps < 12; steps += 1) {
      const next = await this.step(page, person);
      if (!next) return page;
      page = next;
    }
    throw new Error(`no end in sight: ${page.url}\n${page.text}`);
  }

  /** A whole request of the application; its code, if it came to one, is kept and redeemed. */
  async authorize(request: Request, person: Person, more?: Record<string, string>): Promise<void> {
    const page = await this.walk(await this.browser.open(request.url), person);
    if (!page.url.href.startsWith(callback) || !page.url.searchParams.has('code')) return;
    const { late } = this;
    const tokens = await this.ask(this.world.app.redeem(request, page, more));
    if (tokens) this.keep(tokens, this.world.app);
    else this.codes.push({ request, page, late });
  }

  /** What a token request answered; nothing when it was refused. */
  async ask(answer: Promise<Tokens>): Promise<Tokens | undefined> {
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof ResponseBodyError)) throw error;
      if (error.status >= 500) this.faults.push(`${error.status} ${error.error}`);
      return undefined;
    }
  }

  keep(tokens: Tokens, to: RelyingParty): Tokens {
    this.tokens.push({ tokens, to, sub: tokens.claims()?.sub, late: this.late });
    return tokens;
  }

  /** Whose session the browser has, as silent authentication and the consent page tell. */
  async session(): Promise<Person | undefined> {
    const silent = await this.world.app.silently(this.browser);
    if (silent.url.searchParams.get('error') === 'login_required') return undefined;
    const { text } = await this.browser.open((await this.world.app.request()).url);
    return [alice, bob].find(({ name }) => text.includes(name));
  }

  private async step(page: Page, person: Person): Promise<Page | undefined> {
    const { browser } = this;
    if (formTo(page, '/login')) {
      this.sentAfter = this.world.calls.struck;
      return typePassword(browser, page, person);
    }
    if (formTo(page, '/consent')) return allow(browser, page);
    const logout = formTo(page, '/session/end/confirm');
    if (logout) return browser.submit(page, logout, { logout: 'yes' });
    const code = formTo(page, '/device');
    if (code?.fields['user_code'] === undefined) return undefined;
    return browser.submit(page, code, page.text.includes('name="confirm"') ? { confirm: 'yes' } : {});
  }
}
