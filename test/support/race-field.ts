import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { hash } from '@node-rs/argon2';
import type { Adapter } from 'oidc-provider';
import { inject } from 'vitest';
import { OpUser } from '../../src/reference-op/op/op-user.entity.js';
import type { TestDatabase } from './databases.js';
import { freePort } from './free-port.js';
import { JwtApi, jwtSettings, validNow } from './jwt-api.js';
import { basic } from './operator.js';
import { alice, demoOperator } from './people.js';
import { type Design, overrideFor } from './race-designs.js';
import { inMemory, movingFrom, notMoved, type Previous } from './previous-adapter.js';
import { type ServerOptions, startServer, type TestServer } from './server.js';
import { startProcess } from './server-process.js';
import { unlimited } from './unlimited.js';

/** Milliseconds by a clock that all threads share. */
export const now = (): number => performance.timeOrigin + performance.now();

/** Header in which the server says when it answered. */
export const ANSWERED_AT = 'x-answered-at';

/** A node that signs people in. */
export interface RaceServer extends TestServer {
  /** Revokes alice on the other node at this moment. @returns the moment at which the 204 was there */
  revokeAt: (moment: number) => Promise<number>;
  /** The node that signs people in, with the adapter that the provider had before; undefined if it is this one. */
  old?: TestServer;
  /** Calls an API with JWTs. */
  api: JwtApi;
  /** How many JWTs are valid in the lists that a node publishes which has just read everything. */
  validNow: (jwts: readonly string[]) => Promise<number>;
}

/**
 * A database with two nodes on it. One is in this process and hands out tokens; one is a process of its own and revokes.
 * In one process nothing could come between: SQLite answers at once, so a request runs from its first statement to its
 * last without a break.
 */
export class RaceField {
  private constructor(
    private readonly database: TestDatabase,
    private readonly options: { databaseUrl: string; dataDir: string },
    private readonly revoker: Worker,
    readonly close: () => Promise<void>,
  ) {}

  static async open(database: TestDatabase): Promise<RaceField> {
    // On disk, as in real life: in memory there is hardly a moment between two statements for a revocation to come between.
    const { url: databaseUrl, drop } = await database.create(tmpdir());
    const dataDir = await mkdtemp(join(inject('tempDir'), 'race-'));
    const port = String(await freePort());
    const settings = { PORT: port, DATABASE_URL: databaseUrl, GTR_DATA_DIR: dataDir, ...unlimited };
    const node = await startProcess(dataDir, settings, database.adapter);
    const revoker = new Worker(new URL('race-revoker.mjs', import.meta.url), {
      workerData: {
        endpoint: `http://localhost:${port}/global-token-revocation`,
        headers: {
          authorization: basic(demoOperator.clientId, demoOperator.secret),
          'content-type': 'application/json',
        },
        body: JSON.stringify({ sub_id: { format: 'uid', id: alice.uid } }),
      },
    });
    return new RaceField(database, { databaseUrl, dataDir }, revoker, async () => {
      await revoker.terminate();
      await node.stop();
      await drop();
    });
  }

  /** A node of this design, on which the password of alice takes no time to check. */
  async start(design: Design): Promise<RaceServer> {
    if (design !== 'moving') return this.node(overrideFor(design));
    const previous = { adapters: overNetwork((await inMemory()).adapters) };
    const old = await this.node({ override: notMoved(previous) });
    const server = await this.node({ override: movingFrom(previous) });
    const stop = async (): Promise<void> => {
      await server.stop();
      await old.stop();
    };
    return { ...server, old, stop };
  }

  private async node(override: Pick<ServerOptions, 'override'>): Promise<RaceServer> {
    const server = await startServer(this.database, { ...this.options, env: jwtSettings, ...override });
    const passwordHash = await hash(alice.password, { memoryCost: 8, timeCost: 1, parallelism: 1 });
    await server.dataSource.getRepository(OpUser).update({ id: alice.id }, { passwordHash });
    (server.app.getHttpServer() as Server).prependListener('request', (_, response) => sayWhen(response));
    const api = new JwtApi(server.url);
    const validIn = (jwts: readonly string[]) => validNow(server, jwts);
    return Object.assign(server, { api, validNow: validIn, revokeAt: (moment: number) => this.revokeAt(moment) });
  }

  private async revokeAt(moment: number): Promise<number> {
    const done = once(this.revoker, 'message') as Promise<[{ status: number; at: number }]>;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.revoker.postMessage(moment);
    const [{ status, at }] = await done;
    if (status !== 204) throw new Error(`not revoked: ${status}`);
    return at;
  }
}

/** An adapter that takes a moment for each call, as a storage elsewhere does: so a revocation can come between. */
const overNetwork =
  (adapters: Previous['adapters']): Previous['adapters'] =>
  (model) =>
    new Proxy(adapters(model)!, {
      get:
        (adapter, name: keyof Adapter) =>
        async (...given: never[]) => {
          await sleep(1);
          return (adapter[name] as (...args: never[]) => unknown)(...given);
        },
    });

function sayWhen(response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = (...args: unknown[]) => {
    response.setHeader(ANSWERED_AT, now());
    return writeHead(...args);
  };
}
