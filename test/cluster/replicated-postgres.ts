import type { ChildProcess } from 'node:child_process';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from '../support/free-port.js';
import { freeze, thaw } from '../support/freeze.js';
import { scratch } from '../support/scratch.js';
import { type Cluster, type Fault, OUTAGE_MS, PASSWORD } from './cluster-database.js';
import { end, give, run, startDaemon, unprivileged } from './processes.js';

/** Where Debian has the programs of each version. */
const VERSIONS = '/usr/lib/postgresql';

const url = (port: number, database = 'gtr'): string => `postgres://test:${PASSWORD}@127.0.0.1:${port}/${database}`;

/** A server: the primary, or the standby that each commit waits for. */
class PostgresNode {
  private process!: ChildProcess;

  private constructor(
    private readonly bin: string,
    private readonly dir: string,
    readonly port: number,
  ) {}

  static async primary(bin: string, dir: string): Promise<PostgresNode> {
    const node = new PostgresNode(bin, join(dir, 'first'), await freePort());
    const password = join(dir, 'password');
    await writeFile(password, PASSWORD);
    await run(
      join(bin, 'initdb'),
      [
        ...[`--pgdata=${node.dir}`, '--username=test', `--pwfile=${password}`, '--auth=scram-sha-256'],
        ...['--no-sync', '--encoding=UTF8', '--locale=C.UTF-8'],
      ],
      unprivileged,
    );
    await node.start();
    return node;
  }

  /** A copy of a primary that follows it. Each commit on the primary waits for it from now on. */
  static async standbyOf(primary: PostgresNode, dir: string): Promise<PostgresNode> {
    await rm(dir, { recursive: true, force: true });
    const node = new PostgresNode(primary.bin, dir, await freePort());
    await run(
      join(primary.bin, 'pg_basebackup'),
      [
        ...[`--pgdata=${dir}`, '--write-recovery-conf', '--checkpoint=fast', '--wal-method=stream'],
        `--dbname=${url(primary.port, 'postgres')}`,
      ],
      unprivileged,
    );
    await node.start();
    await primary.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
    await primary.query('SELECT pg_reload_conf()');
    await primary.untilFollowed();
    return node;
  }

  async start(): Promise<void> {
    this.process = startDaemon(
      join(this.bin, 'postgres'),
      [
        ...[
          '-D',
          this.dir,
          '-p',
          String(this.port),
          '-c',
          'listen_addresses=127.0.0.1',
          '-c',
          'unix_socket_directories=',
        ],
        ...[
          '-c',
          'max_connections=200',
          '-c',
          'shared_buffers=64MB',
          '-c',
          'wal_level=replica',
          '-c',
          'max_wal_senders=5',
        ],
        ...['-c', 'wal_sender_timeout=4s', '-c', 'wal_receiver_timeout=4s', '-c', 'hot_standby=on'],
      ],
      `${this.dir}.log`,
      unprivileged,
    );
    await this.until('SELECT 1 AS done');
  }

  /** Resolves when a standby has everything, and commits wait for it. */
  untilFollowed = (): Promise<void> =>
    this.until(
      "SELECT count(*) > 0 AS done FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = 'sync'",
    );

  /** Ends it with all its connections. */
  kill = (): Promise<void> => end(this.process, 'SIGQUIT');

  freeze = (): Promise<void> => freeze(this.process.pid!);
  thaw = (): Promise<void> => thaw(this.process.pid!);

  async promote(): Promise<void> {
    await this.query('SELECT pg_promote()');
    await this.until('SELECT NOT pg_is_in_recovery() AS done');
  }

  /** Commits wait for nobody, until it has a standby again. */
  async alone(): Promise<void> {
    await this.query("ALTER SYSTEM SET synchronous_standby_names = ''");
    await this.query('SELECT pg_reload_conf()');
  }

  async query(sql: string): Promise<Array<Record<string, unknown>>> {
    const client = new Client({ connectionString: url(this.port, 'postgres'), connectionTimeoutMillis: 2000 });
    client.on('error', () => {}); // the query reports it
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  private async until(sql: string): Promise<void> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      if (this.process.exitCode !== null) throw new Error(`a server ended: ${this.dir}.log`);
      const rows = await this.query(sql).catch(() => []);
      if (rows[0]?.['done']) return;
      if (Date.now() > deadline) throw new Error(`a server does not get there: ${sql}, ${this.dir}.log`);
      await sleep(200);
    }
  }
}

/** A primary with a standby that each commit waits for. All nodes of the application use the primary. */
export async function startReplicatedPostgres(): Promise<Cluster> {
  const dir = await scratch('gtr-replicated-', 'memory');
  await give(dir);
  const bin = join(VERSIONS, (await readdir(VERSIONS)).toSorted((a, b) => Number(b) - Number(a))[0]!, 'bin');
  let primary = await PostgresNode.primary(bin, dir);
  await primary.query('CREATE DATABASE gtr');
  let copies = 0;
  const copy = (of: PostgresNode): Promise<PostgresNode> =>
    PostgresNode.standbyOf(of, join(dir, `copy-${(copies += 1)}`));
  let standby = await copy(primary);

  /** The standby takes over, and gets a standby of its own. */
  const takeOver = async (): Promise<PostgresNode> => {
    const old = primary;
    await standby.promote();
    primary = standby;
    await primary.alone();
    return old;
  };
  const follow = async (): Promise<void> => {
    standby = await copy(primary);
  };

  const faults: Record<string, Fault> = {
    'the standby is killed': async () => {
      await standby.kill();
      await sleep(OUTAGE_MS);
      await standby.start();
      await primary.untilFollowed();
    },
    'the primary is frozen': async () => {
      await primary.freeze();
      await sleep(OUTAGE_MS);
      await primary.thaw();
      await primary.untilFollowed();
    },
    'a failover: the primary is stopped, then the standby is promoted': async (proxies) => {
      await primary.kill();
      await takeOver();
      for (const proxy of proxies) proxy.to(primary.port);
      await follow();
    },
  };
  const unsafe: Record<string, Fault> = {
    'the standby is promoted while the primary runs, and one node stays with it': async ([left, ...others]) => {
      const old = await takeOver();
      for (const proxy of others) proxy.to(primary.port);
      await sleep(OUTAGE_MS);
      await old.kill();
      left!.to(primary.port);
      await follow();
    },
  };
  return {
    name: 'PostgreSQL, synchronous standby',
    ports: [primary.port, primary.port, primary.port],
    url: (port) => url(port),
    faults,
    unsafe,
    stop: async () => {
      for (const node of [primary, standby]) await node.kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
