import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { groups } from '../../src/conformance/requirements/all.js';
import { run } from '../../src/conformance/run.js';
import { select } from '../../src/conformance/selection.js';
import { Target } from '../../src/conformance/target.js';

/** After so many calls the server answers 429: once, or forever. */
interface Limit {
  calls: number;
  retryAfter: string | undefined;
  ends: boolean;
}

/** Starts a server that answers 400 to a missing `sub_id` and to a second member, and 204 to everything else. */
async function startLimited({ calls, retryAfter, ends }: Limit): Promise<{ url: string; server: Server }> {
  let left = calls;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (left === 0) {
        if (ends) left = Infinity;
        response.writeHead(429, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end();
        return;
      }
      left -= 1;
      const { sub_id, ...more } = JSON.parse(Buffer.concat(chunks).toString() || '{}') as { sub_id?: unknown };
      response.writeHead(sub_id === undefined || Object.keys(more).length > 0 ? 400 : 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

describe('a server that limits the rate of calls (RFC 6585 §4, RFC 9110 §10.2.3)', () => {
  let server: Server;
  afterEach(() => server.close());

  /** Outcomes of two requirements, and how long the suite waited. */
  async function outcome(limit: Limit) {
    let url: string;
    ({ url, server } = await startLimited(limit));
    const caller = { client_id: 'c', client_secret: 's' };
    const waits: number[] = [];
    const onWait = (seconds: number): void => void waits.push(seconds);
    const selected = select(groups, { only: ['draft-06 §3.2 (a)', 'draft-06 §3.2 (b)'] });
    const results = await run(new Target({ base_url: url, endpoint: url, caller }), selected, { onWait });
    return { outcomes: results.map(({ outcome }) => outcome), waits, details: results.map(({ detail }) => detail) };
  }

  const limited = (wait: string): string => `the server limits the rate of calls: it answered 429 ${wait}`;

  test.each([
    [0, 1],
    [1, 0],
    [2, 0],
    [3, 0],
  ])(
    'waits and passes each requirement after a 429 following %i calls, with Retry-After %i',
    async (calls, seconds) => {
      const from = Date.now();
      const { outcomes, waits } = await outcome({ calls, retryAfter: String(seconds), ends: true });
      expect({ outcomes, waits }).toEqual({ outcomes: ['passed', 'passed'], waits: [seconds] });
      expect(Date.now() - from).toBeGreaterThanOrEqual(seconds * 1000 - 5);
    },
  );

  test('waits until the date in Retry-After', async () => {
    const retryAfter = new Date(Date.now() + 1500).toUTCString();
    const { outcomes, waits } = await outcome({ calls: 1, retryAfter, ends: true });
    expect({ outcomes, isWaited: waits.length === 1 && waits[0]! <= 2 }).toEqual({
      outcomes: ['passed', 'passed'],
      isWaited: true,
    });
  });

  test.each([
    ['an hour', '3600', 'with Retry-After: 3600'],
    ['missing', undefined, 'without Retry-After'],
  ])('reports not tested instead of failed when Retry-After is %s', async (_title, retryAfter, more) => {
    const { outcomes, waits, details } = await outcome({ calls: 2, retryAfter, ends: false });
    expect({ outcomes, waits, details }).toEqual({
      outcomes: ['passed', 'not tested'],
      waits: [],
      details: ['', limited(more)],
    });
  });

  test('waits only once per run when the server always returns 429', async () => {
    const { outcomes, waits } = await outcome({ calls: 0, retryAfter: '0', ends: false });
    expect({ outcomes, waits }).toEqual({ outcomes: ['not tested', 'not tested'], waits: [0] });
  });
});
