import { STATUS_CODES } from 'node:http';
import { Browser } from '../support/browser.js';
import { Mask } from './run-log-mask.js';

const REQUEST_HEADERS = ['authorization', 'content-type'];
const RESPONSE_HEADERS = ['content-type', 'cache-control', 'www-authenticate', 'allow', 'retry-after'];

/** Writes down what was sent and what came back. */
export class LogBook {
  private readonly lines: string[] = [];
  private readonly mask: Mask;

  /** @param home address of the server */
  constructor(readonly home: string) {
    this.mask = new Mask(home);
  }

  /** What happens next, in plain words. */
  headline(title: string, ...words: string[]): void {
    this.lines.push('', '', title, '='.repeat(title.length), ...words);
  }

  say(...words: string[]): void {
    this.lines.push('', ...words);
  }

  /** One request and its answer. */
  async call(who: string, path: string, init: RequestInit): Promise<Response> {
    const url = new URL(path, this.home);
    const response = await fetch(url, { ...init, redirect: 'manual' });
    await this.write(who, url, init, '', response.clone());
    return response;
  }

  async write(who: string, url: URL, init: RequestInit, cookie: string, response: Response): Promise<void> {
    const headers = new Headers(init.headers);
    const [address = '', ...parameters] = this.mask.url(url, this.home);
    this.lines.push('', `${who} > ${init.method} ${address}`, ...indent(parameters));
    const sent = REQUEST_HEADERS.filter((name) => headers.has(name)).map((name) => `${name}: ${headers.get(name)}`);
    const cookies = cookie.split('; ').filter((pair) => pair !== '' && !/^[^=]+\.sig=/.test(pair));
    if (cookies.length > 0) sent.push(`cookie: ${cookies.sort().join('; ')}`);
    this.lines.push(...indent(sent.map((line) => this.mask.text(line))), ...indent(this.requestBody(init.body)));
    this.lines.push(`${' '.repeat(who.length)} < ${response.status} ${STATUS_CODES[response.status]}`);
    this.lines.push(...indent(this.responseHead(url, response.headers)), ...indent(await this.responseBody(response)));
  }

  private requestBody(body: RequestInit['body']): string[] {
    if (body instanceof URLSearchParams) return this.mask.members(body);
    return typeof body === 'string' ? [this.mask.text(body)] : [];
  }

  private responseHead(url: URL, headers: Headers): string[] {
    const [location, ...parameters] = headers.has('location')
      ? this.mask.url(new URL(headers.get('location')!, url), this.home)
      : [];
    const isShown = (name: string): boolean => headers.has(name) && (name !== 'content-type' || !location);
    const shown = RESPONSE_HEADERS.filter(isShown).map((name) => `${name}: ${headers.get(name)}`);
    return [
      ...(location === undefined ? [] : [`location: ${location}`, ...parameters.map((line) => `    ${line}`)]),
      ...shown.map((line) => this.mask.text(line)),
      ...headers.getSetCookie().flatMap((line) => this.cookie(line)),
    ];
  }

  /** Without the signature that accompanies each cookie. */
  private cookie(line: string): string[] {
    const [pair = '', ...attributes] = line.split('; ');
    const [name = '', value = ''] = pair.split('=');
    if (name.endsWith('.sig')) return [];
    if (value === '') return [`set-cookie: ${name} is deleted`];
    this.mask.learn(name, value);
    const kept = attributes.map((text) => text.replace(/^expires=.*/i, 'expires=<time>'));
    return [this.mask.text(`set-cookie: ${[pair, ...kept].join('; ')}`)];
  }

  private async responseBody(response: Response): Promise<string[]> {
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    if (text === '' || response.headers.has('location')) return [];
    if (type.includes('json')) return this.mask.json(JSON.parse(text) as Record<string, unknown>);
    return pageText(text).map((line) => this.mask.text(line));
  }

  toString(): string {
    return `${this.lines.join('\n').trim()}\n`;
  }
}

const indent = (lines: string[]): string[] => lines.map((line) => `    ${line}`.trimEnd());

/** What a person reads on a page: headings, paragraphs, lists, labels and buttons. */
const pageText = (html: string): string[] =>
  [...html.matchAll(/<(h1|p|li|label|button)\b[^>]*>(.*?)<\/\1>/gs)].map(([, tag, inner = '']) => {
    const text = inner
      .replace(/<[^>]*>/g, '')
      .replace(/\s+/g, ' ')
      .trim();
    return tag === 'h1' ? `| ${text.toUpperCase()}` : tag === 'button' ? `| [ ${text} ]` : `| ${text}`;
  });

/** A browser whose every request is written down. */
export class LoggedBrowser extends Browser {
  constructor(
    private readonly who: string,
    private readonly book: LogBook,
  ) {
    super(book.home);
  }

  override async send(url: URL, init: RequestInit): Promise<Response> {
    const cookie = await this.jar.getCookieString(url.href);
    const response = await super.send(url, init);
    const type = init.body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
    await this.book.write(this.who, url, { ...init, headers: type }, cookie, response.clone());
    return response;
  }
}
