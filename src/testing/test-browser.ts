import type { TestCookie } from './options.js';

/** A page, or the URL of a redirect to another server. */
export interface Page {
  url: URL;
  status: number;
  text: string;
}

/** A browser without JavaScript for one server: cookies, redirects and forms over real HTTP. */
export class TestBrowser {
  private readonly jar = new Map<string, TestCookie>();

  constructor(private readonly home: string) {}

  get cookies(): TestCookie[] {
    return [...this.jar.values()];
  }

  /** Follows redirects to a page, or up to a redirect to another server. */
  async open(url: URL, form?: Record<string, string>): Promise<Page> {
    const response = await this.send(url, form);
    const text = await response.text();
    const location = response.headers.get('location');
    if (location === null) return { url, status: response.status, text };
    const next = new URL(location, url);
    return next.origin === this.home ? this.open(next) : { url: next, status: response.status, text };
  }

  private async send(url: URL, form?: Record<string, string>): Promise<Response> {
    const cookie = this.cookies
      .filter(({ path }) => url.pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`);
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'text/html', cookie: cookie.join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) this.keep(line, url);
    return response;
  }

  /** @see RFC 6265 §5.2 */
  private keep(line: string, { hostname: domain }: URL): void {
    const [pair = '', ...attributes] = line.split(/; */);
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/.exec(pair) ?? [];
    const path = attributes.find((each) => /^path=/i.test(each))?.slice('path='.length) ?? '/';
    if (value === '') this.jar.delete(`${name};${path}`);
    else this.jar.set(`${name};${path}`, { name, value, domain, path });
  }
}
