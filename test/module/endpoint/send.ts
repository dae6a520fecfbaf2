import { type IncomingHttpHeaders, request } from 'node:http';
import { basic } from '../../support/operator.js';
import { demoOperator } from '../../support/people.js';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Call {
  method?: string;
  /** Appended to the address. */
  suffix?: string;
  /** The request target, instead of what the address says. */
  target?: string;
  /** A list is sent as it is: name, value, name, value. */
  headers?: Record<string, string> | string[];
  /** A list is sent in chunks, without a length. */
  body?: string | Buffer | Buffer[];
}

/** One HTTP request exactly as written, on a connection of its own. */
export async function send(address: string, { method = 'POST', suffix = '', target, headers, body = '' }: Call) {
  const { host, hostname, port, pathname, search } = new URL(address);
  const length = Array.isArray(body) ? [] : ['Content-Length', String(Buffer.byteLength(body))];
  const given = Array.isArray(headers) ? headers : Object.entries(headers ?? {}).flat();
  const hasHost = given.some((name, i) => i % 2 === 0 && name.toLowerCase() === 'host');
  const all = [...(hasHost ? [] : ['Host', host]), ...(method === 'GET' ? [] : length), ...given];
  return new Promise<Answer>((resolve, reject) => {
    const path = target ?? pathname + search + suffix;
    const client = request({ hostname, port, path, method, headers: all, agent: false });
    client.on('error', reject).on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('error', reject).on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, body: Buffer.concat(chunks).toString() });
      });
    });
    for (const chunk of Array.isArray(body) ? body : [body]) client.write(chunk);
    client.end();
  });
}

/** Headers of the demo operator's request. */
export const asOperator = {
  authorization: basic(demoOperator.clientId, demoOperator.secret),
  'content-type': 'application/json',
};

/** Body of a request by login name. */
export const uidBody = (id: string): string => JSON.stringify({ sub_id: { format: 'uid', id } });

/** The headers of the table of answers; what an answer does not have is left out. */
export function seen({ status, headers, body }: Answer) {
  const names = ['content-type', 'cache-control', 'www-authenticate', 'allow', 'retry-after'];
  const present = names.filter((name) => name in headers).map((name) => [name, headers[name]]);
  return { status, ...Object.fromEntries(present), body: body && (JSON.parse(body) as unknown) };
}

/** `WWW-Authenticate` of a 401: every scheme that is offered, the error with the one that was used. */
export function challenges(issuer: string, { Bearer = '', DPoP = '' }: { Bearer?: string; DPoP?: string } = {}) {
  const error = (code: string): string => code && `, error="${code}"`;
  return [
    `Basic realm="${issuer}", charset="UTF-8"`,
    `Bearer realm="${issuer}"${error(Bearer)}`,
    `DPoP realm="${issuer}", algs="ES256 ES384 EdDSA Ed25519 PS256 RS256"${error(DPoP)}`,
  ].join(', ');
}

/** What {@link seen} shows of a refusal. */
export const refusal = (status: number, error: string, description: string, more: Record<string, string> = {}) => ({
  status,
  'content-type': 'application/json',
  'cache-control': 'no-store',
  ...more,
  body: { error, error_description: description },
});
