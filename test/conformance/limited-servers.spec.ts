import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { run } from '../../src/conformance/run.js';
import { Target } from '../../src/conformance/target.js';

/** How often it is called before it limits; then it asks to wait, for as long as it says or for ever. */
interface Limit {
  calls: number;
  retryAfter: string | undefined;
  ends: boolean;
}

/** A server that keeps the rule 5: whatever has a second member is 400, the rest is 204. */
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

describe('a server that limits how often it is called', () => {
  let server: Server;
  afterEach(() => server.close());

  /** Outcomes of the two clauses with number 5, and how long it waited. */
  async function outcome(limit: Limit) {
    let url: string;
    ({ url, server } = await startLimited(limit));
    const caller = { client_id: 'c', client_secret: 's' };
    const waits: number[] = [];
    const onWait = (seconds: number): void => void waits.push(seconds);
    const results = await run(new Target({ base_url: url, endpoint: url, caller }), new Set([5]), { onWait });
    return { outcomes: results.map(({ outcome }) => outcome), waits, details: results.map(({ detail }) => detail) };
  }

  const limited = (more: string): string => `the server limits how often it is called (429), and ${more}`;

  test.each([
    [0, 1],
    [1, 0],
    [2, 0],
    [3, 0],
  ])('after %i calls, for %i s → it waits, and every clause passes', async (calls, seconds) => {
    const from = Date.now();
    const { outcomes, waits } = await outcome({ calls, retryAfter: String(seconds), ends: true });
    expect({ outcomes, waits }).toEqual({ outcomes: ['passed', 'passed'], waits: [seconds] });
    expect(Date.now() - from).toBeGreaterThanOrEqual(seconds * 1000 - 5);
  });

  test('until a date → it waits so long', async () => {
    const retryAfter = new Date(Date.now() + 1500).toUTCString();
    const { outcomes, waits } = await outcome({ calls: 1, retryAfter, ends: true });
    expect({ outcomes, isWaited: waits.length === 1 && waits[0]! <= 2 }).toEqual({
      outcomes: ['passed', 'passed'],
      isWaited: true,
    });
  });

  test.each([
    ['for an hour', '3600', 'asks to wait for 3600 s'],
    ['for it does not say how long', undefined, 'does not say for how long'],
  ])('%s → not tested, never failed', async (_title, retryAfter, more) => {
    const { outcomes, waits, details } = await outcome({ calls: 2, retryAfter, ends: false });
    expect({ outcomes, waits, details }).toEqual({
      outcomes: ['passed', 'not tested'],
      waits: [],
      details: ['', limited(more)],
    });
  });

  test('for ever → it waits once in the whole run', async () => {
    const { outcomes, waits } = await outcome({ calls: 0, retryAfter: '0', ends: false });
    expect({ outcomes, waits }).toEqual({ outcomes: ['not tested', 'not tested'], waits: [0] });
  });
});
