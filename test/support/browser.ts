import { CookieJar } from 'tough-cookie';

/** What a browser shows. */
export interface Page {
  url: URL;
  status: number;
  text: string;
  headers: Headers;
}

/** A form on a page, hidden fields filled in. */
export interface Form {
  action: string;
  fields: Record<string, string>;
}

/** A browser without JavaScript: cookies, redirects and forms over real HTTP. It stops where an application takes over. */
export class Browser {
  readonly jar = new CookieJar();

  /** @param home origin of the server; a redirect elsewhere is not followed */
  constructor(private readonly home: string) {}

  open(path: string | URL): Promise<Page> {
    return this.request(new URL(path, this.home), { method: 'GET' });
  }

  /** Submits a form; `values` are what the person typed, or the button that was pressed. */
  submit(page: Page, form: Form | undefined, values: Record<string, string> = {}): Promise<Page> {
    if (!form) throw new Error(`no such form on the page: ${page.status} ${page.url}\n${page.text}`);
    const body = new URLSearchParams({ ...form.fields, ...values });
    return this.request(new URL(form.action, page.url), { method: 'POST', body });
  }

  /** One request without following where it leads. */
  async send(url: URL, init: RequestInit): Promise<Response> {
    const cookie = await this.jar.getCookieString(url.href);
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { accept: 'text/html', ...(cookie && { cookie }), ...(init.headers as Record<string, string>) },
    });
    for (const line of response.headers.getSetCookie()) await this.jar.setCookie(line, url.href, { ignoreError: true });
    return response;
  }

  private async request(url: URL, init: RequestInit): Promise<Page> {
    for (let hops = 0; hops < 20; hops += 1) {
      if (url.origin !== new URL(this.home).origin) return { url, status: 0, text: '', headers: new Headers() };
      const response = await this.send(url, init);
      const location = response.headers.get('location');
      const text = await response.text();
      if (!location) return { url, status: response.status, text, headers: response.headers };
      url = new URL(location, url);
      init = { method: 'GET' };
    }
    throw new Error(`too many redirects at ${url}`);
  }
}

const attribute = (tag: string, name: string): string | undefined => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
const unescape = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

/** The forms of a page, in order. */
export function forms({ text }: Page): Form[] {
  return [...text.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, head = '', body = '']) => ({
    action: unescape(attribute(head, 'action') ?? ''),
    fields: Object.fromEntries(
      [...body.matchAll(/<input\b[^>]*>/gs)]
        .filter(([tag]) => attribute(tag, 'type') === 'hidden')
        .map(([tag]) => [attribute(tag, 'name') ?? '', unescape(attribute(tag, 'value') ?? '')]),
    ),
  }));
}

/** The form whose action ends so. */
export const formTo = (page: Page, ending: string): Form | undefined =>
  forms(page).find(({ action }) => action.endsWith(ending));

/** Address of the link that reads so. */
export const linkOf = (page: Page, label: string): string | undefined =>
  [...page.text.matchAll(/<a\b([^>]*)>(.*?)<\/a>/gs)]
    .filter(([, , text = '']) => text.includes(label))
    .map(([, head = '']) => unescape(attribute(head, 'href') ?? ''))[0];
