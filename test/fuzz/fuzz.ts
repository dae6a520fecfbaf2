import { Agent, request } from 'node:http';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from '@nestjs/common';
import * as fc from 'fast-check';
import { inject, vi } from 'vitest';
import { AuditEvents, CallerAuthGuard, RequestContext } from '../../src/module/index.js';
import { rawRequest } from '../../src/module/http/http-adapter.js';
import { createApp } from '../../src/reference-op/app.js';
import { dataSourceOptions } from '../../src/reference-op/op/data-source.js';
import { ServerLog } from '../../src/reference-op/log/server-log.js';
import { SettingsError } from '../../src/reference-op/settings/settings-error.js';
import { loadSettings } from '../../src/reference-op/settings/settings-load.js';
import { freePort } from '../support/free-port.js';
import { unlimited } from '../support/unlimited.js';
import { environments, requests, type Sent } from './requests.js';

/** Requests that are on their way at the same time. */
const AT_ONCE = 8;

/** How long an event may take, in milliseconds. */
const PATIENCE_MS = 10_000;

/** How often something is generated, or for how long. */
export interface Extent {
  seed: number;
  runs?: number;
  seconds?: number;
  /** Of a failure, to repeat it. */
  path?: string;
}

/** What a run did. */
export interface Figures {
  requests: number;
  settings: number;
  seconds: number;
  seed: number;
  /** How often each status was answered. */
  answers: Record<string, number>;
}

/**
 * Sends generated requests to a real server on SQLite, and reads generated settings.
 *
 * @throws Error with the seed and the smallest input for an answer of 5xx, for a request that reached a guard without one event, and
 *   for settings whose refusal does not name them
 */
export async function fuzz({ seed, runs, seconds, path }: Extent): Promise<Figures> {
  const server = await FuzzedServer.start();
  const begun = Date.now();
  let settings = 0;
  const environment = fc.property(environments, (env) => {
    settings += 1;
    readSettings(env);
  });
  const sent = fc.asyncProperty(fc.array(requests, { minLength: 1, maxLength: AT_ONCE }), (some) =>
    server.answer(some),
  );
  const extent = (share: number): fc.Parameters<never> => ({
    seed,
    ...(path !== undefined && { path }),
    ...(seconds === undefined
      ? { numRuns: runs! }
      : { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1000 * share }),
  });
  try {
    if (path === undefined) fc.assert(environment, extent(0.02) as never);
    await fc.assert(sent, extent(0.98) as never);
    const { answers } = server;
    const count = Object.values(answers).reduce((sum, each) => sum + each, 0);
    return { requests: count, settings, seconds: Math.round((Date.now() - begun) / 1000), seed, answers };
  } finally {
    await server.stop();
  }
}

/** Settings are accepted, or refused by their name. */
function readSettings(env: Record<string, string>): void {
  try {
    const { databaseUrl } = loadSettings(env);
    if (!databaseUrl.startsWith('sqlite:')) dataSourceOptions(databaseUrl);
  } catch (error) {
    if (!(error instanceof SettingsError) && !(error as Error).message.startsWith('DATABASE_URL: ')) throw error;
  }
}

class FuzzedServer {
  readonly answers: Record<string, number> = {};
  /** Of requests on their way: whether a guard was reached, and the events. */
  private readonly seen = new Map<string, { isGuarded: boolean; events: number }>();
  private readonly agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  private next = 0;

  private constructor(
    private readonly port: number,
    private readonly close: () => Promise<void>,
  ) {}

  static async start(): Promise<FuzzedServer> {
    const dir = await mkdtemp(join(inject('tempDir'), 'fuzz-'));
    const port = await freePort();
    const settings = loadSettings({
      ...unlimited,
      PORT: String(port),
      ISSUER: `http://127.0.0.1:${port}`,
      GTR_HOST: '127.0.0.1',
      GTR_LOG: 'json',
      DATABASE_URL: `sqlite:${join(dir, 'op.sqlite')}`,
      GTR_DATA_DIR: join(inject('tempDir'), 'keys'),
    });
    const app = await createApp(settings, new ServerLog(settings, { write: () => true }));
    await app.listen(port, '127.0.0.1');
    const server = new FuzzedServer(port, () => app.close());
    const canActivate = Reflect.get(CallerAuthGuard.prototype, 'canActivate') as CallerAuthGuard['canActivate'];
    vi.spyOn(CallerAuthGuard.prototype, 'canActivate').mockImplementation(function (
      this: CallerAuthGuard,
      context: ExecutionContext,
    ) {
      server.note(RequestContext.of(rawRequest(context)).requestId).isGuarded = true;
      return canActivate.call(this, context);
    });
    app.get(AuditEvents).subscribe((event) => {
      if (event['event.action'] === 'revocation-request') server.note(event['http.request.id']!).events += 1;
    });
    return server;
  }

  /** Sends requests at once, and looks at what became of them. */
  async answer(some: readonly Sent[]): Promise<void> {
    const sent = some.map((each) => ({ ...each, id: `fuzz-${(this.next += 1)}` }));
    const statuses = await Promise.all(sent.map((each) => this.send(each)));
    for (const status of statuses) this.answers[status] = (this.answers[status] ?? 0) + 1;
    const faults = statuses.filter((status) => status >= 500);
    if (faults.length > 0) throw new Error(`answered with ${faults.join(', ')}`);
    for (const { id } of sent) {
      if (this.seen.get(id)?.isGuarded) await this.expectEvent(id);
      this.seen.delete(id);
    }
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    vi.restoreAllMocks();
    await this.close();
  }

  /** The event follows when the answer is complete. */
  private async expectEvent(id: string): Promise<void> {
    for (let waited = 0; waited < PATIENCE_MS && this.note(id).events === 0; waited += 10) await sleep(10);
    const { events } = this.note(id);
    if (events !== 1) throw new Error(`a request that reached a guard has ${events} events`);
  }

  private note(id: string) {
    const noted = this.seen.get(id) ?? { isGuarded: false, events: 0 };
    this.seen.set(id, noted);
    return noted;
  }

  /** @returns 0 if the connection ended without an answer */
  private send({ method, target, headers, body, id }: Sent & { id: string }): Promise<number> {
    const length = method === 'GET' || method === 'HEAD' ? [] : ['Content-Length', String(Buffer.byteLength(body))];
    const all = ['Host', `127.0.0.1:${this.port}`, 'X-Request-Id', id, ...length, ...headers];
    return new Promise((resolve) => {
      const { port, agent } = this;
      const client = request({ host: '127.0.0.1', port, agent, method, headers: all, path: target });
      client.on('error', () => resolve(0));
      client.on('response', (response) => {
        response.resume().on('close', () => resolve(response.statusCode!));
      });
      client.end(length.length === 0 ? undefined : body);
    });
  }
}
