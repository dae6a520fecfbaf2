import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Mismatch, TooOften } from './outcome.js';

/** How long an answer may take, in milliseconds. */
const TIMEOUT = 15_000;
/** Size of the largest answer that is read, in bytes. */
const MAX_ANSWER = 1_048_576;

export interface Answer {
  status: number;
  /** Names are lower case; several values of a name are joined with a comma. */
  headers: Readonly<Record<string, string>>;
  text: string;
}

export interface Message {
  method?: string;
  /** A list sends the header several times. */
  headers?: Record<string, string | string[]>;
  body?: string;
}

/**
 * Sends a request exactly as written, without following redirects; `fetch` would correct intentionally invalid
 * requests.
 *
 * @throws Mismatch if the server does not answer, because closing the connection is an error; TooOften if the answer is
 *   429
 */
export async function send(url: string, message: Message = {}): Promise<Answer> {
  const answer = await exchange(url, message);
  if (answer.status === 429) throw new TooOften(secondsOf(answer.headers['retry-after']));
  return answer;
}

/** Parses seconds or a date. @see RFC 9110 §10.2.3 */
function secondsOf(retryAfter = ''): number | undefined {
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter);
  const milliseconds = Date.parse(retryAfter) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, Math.ceil(milliseconds / 1000));
}

async function exchange(url: string, { method = 'GET', headers = {}, body = '' }: Message): Promise<Answer> {
  const request = url.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(new Mismatch(`no answer from ${url}: ${error.message}`));
    const outgoing = request(url, { method, headers, agent: false, timeout: TIMEOUT }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_ANSWER) response.destroy(new Error('the answer is larger than 1 MiB'));
      });
      response.on('error', fail);
      response.on('end', () => {
        const values = Object.entries(response.headersDistinct).map(([name, all]) => [name, (all ?? []).join(', ')]);
        resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(values) as Answer['headers'], text });
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${TIMEOUT / 1000} s`)));
    outgoing.on('error', fail);
    outgoing.end(body);
  });
}

/** Returns the body if it is a JSON object, otherwise undefined. */
export function jsonOf({ text }: Pick<Answer, 'text'>): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the `Authorization` header of a client. @see RFC 6749 §2.3.1 */
export const basic = ({ client_id: id, client_secret: secret }: ClientCredentials): string =>
  `Basic ${Buffer.from([id, secret].map(encodeURIComponent).join(':')).toString('base64')}`;

export interface ClientCredentials {
  client_id: string;
  client_secret: string;
}
