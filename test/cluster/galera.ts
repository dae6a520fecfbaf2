import type { ChildProcess } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { freePort } from '../support/free-port.js';
import { freeze, thaw } from '../support/freeze.js';
import { scratch } from '../support/scratch.js';
import { pathOf } from '../support/tools.js';
import { type Cluster, type Fault, OUTAGE_MS, PASSWORD } from './cluster-database.js';
import { end, give, run, startDaemon, unprivileged } from './processes.js';

const PROVIDER = '/usr/lib/galera/libgalera_smm.so';
const USER = 'test';
/** One member of the group. */
class GaleraNode {
  private process?: ChildProcess;

  private constructor(
    private readonly dir: string,
    readonly port: number,
    readonly groupPort: number,
  ) {}

  static async install(parent: string): Promise<GaleraNode> {
    const node = await GaleraNode.of(join(parent, 'node-0'));
    const options = ['--no-defaults', `--datadir=${node.dir}/data`, '--auth-root-authentication-method=socket'];
    await run('mariadb-install-db', [...options, '--skip-test-db'], unprivileged);
    await writeFile(
      join(node.dir, 'init.sql'),
      [
        `CREATE USER IF NOT EXISTS '${USER}'@'%' IDENTIFIED BY '${PASSWORD}'`,
        `GRANT ALL ON *.* TO '${USER}'@'%'`,
        'CREATE DATABASE IF NOT EXISTS gtr COLLATE utf8mb4_unicode_ci;\n',
      ].join(';\n'),
    );
    return node;
  }

  /** Another node with what this one has, which has ended. So it need not fetch everything when it joins. */
  async copy(dir: string): Promise<GaleraNode> {
    const node = await GaleraNode.of(dir);
    await run('cp', ['-r', join(this.dir, 'data'), dir], unprivileged);
    return node;
  }

  private static async of(dir: string): Promise<GaleraNode> {
    await mkdir(join(dir, 'tmp'), { recursive: true });
    await give(dir);
    await give(join(dir, 'tmp'));
    return new GaleraNode(dir, await freePort(), await freePort());
  }

  /** @param first whether it begins a group, of which it is the only member */
  async start(members: readonly GaleraNode[], first = false): Promise<void> {
    const { dir, port, groupPort } = this;
    const istPort = await freePort();
    const position = await this.recoveredPosition();
    this.process = startDaemon(
      pathOf('mariadbd')!,
      [
        ...this.storage(),
        ...(first ? [`--init-file=${dir}/init.sql`, '--wsrep-new-cluster'] : []),
        ...(position ? [`--wsrep-start-position=${position}`] : []),
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        '--skip-name-resolve',
        '--performance-schema=OFF',
        '--character-set-server=utf8mb4',
        '--max-connections=300',
        '--binlog-format=ROW',
        '--innodb-autoinc-lock-mode=2',
        '--innodb-flush-log-at-trx-commit=1',
        '--wsrep-on=ON',
        `--wsrep-provider=${PROVIDER}`,
        `--wsrep-cluster-address=gcomm://${members.map((member) => `127.0.0.1:${member.groupPort}`).join(',')}`,
        `--wsrep-node-address=127.0.0.1:${groupPort}`,
        `--wsrep-node-name=node-${port}`,
        '--wsrep-sync-wait=1',
        `--wsrep-provider-options=base_host=127.0.0.1;base_port=${groupPort};gmcast.listen_addr=tcp://127.0.0.1:${groupPort};ist.recv_addr=127.0.0.1:${istPort};gcache.size=64M;evs.suspect_timeout=PT3S;evs.inactive_timeout=PT6S`,
      ],
      join(dir, 'server.log'),
      { ...unprivileged, env: { ...process.env, TMPDIR: join(dir, 'tmp') } },
    );
    await this.untilSynced();
  }

  /** Resolves when it is a member of the group that may write, and has what the others have. */
  async untilSynced(): Promise<void> {
    const deadline = Date.now() + 120_000;
    for (;;) {
      if (this.process!.exitCode !== null) throw new Error(`a node ended: ${this.dir}/server.log`);
      const state = await this.status().catch(() => undefined);
      if (state === 'Synced') return;
      if (Date.now() > deadline) throw new Error(`a node is ${state ?? 'silent'}: ${this.dir}/server.log`);
      await sleep(200);
    }
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.process) await end(this.process, signal);
  }

  freeze = (): Promise<void> => freeze(this.process!.pid!);
  thaw = (): Promise<void> => thaw(this.process!.pid!);

  /** Cuts it off from the group, or lets it in again. */
  isolate = (isAlone: boolean): Promise<unknown> =>
    this.query(`SET GLOBAL wsrep_provider_options = 'gmcast.isolate=${Number(isAlone)}'`);

  private async status(): Promise<string> {
    const [row] = await this.query(
      `SELECT s.VARIABLE_VALUE AS state, p.VARIABLE_VALUE AS part
         FROM information_schema.GLOBAL_STATUS s, information_schema.GLOBAL_STATUS p
        WHERE s.VARIABLE_NAME = 'WSREP_LOCAL_STATE_COMMENT' AND p.VARIABLE_NAME = 'WSREP_CLUSTER_STATUS'`,
    );
    return row?.['part'] === 'Primary' ? row['state']! : 'alone';
  }

  private async query(sql: string): Promise<Array<Record<string, string>>> {
    const connection = await createConnection({
      ...{ host: '127.0.0.1', port: this.port, user: USER, password: PASSWORD, connectTimeout: 2000 },
    });
    try {
      // A member that is alone answers only what concerns itself.
      await connection.query('SET SESSION wsrep_sync_wait = 0');
      const [rows] = await connection.query({ sql, timeout: 5000 });
      return rows as Array<Record<string, string>>;
    } finally {
      connection.destroy();
    }
  }

  private storage(): string[] {
    const { dir } = this;
    return [
      '--no-defaults',
      `--datadir=${dir}/data`,
      `--socket=${dir}/socket`,
      `--pid-file=${dir}/pid`,
      '--innodb-buffer-pool-size=64M',
      '--innodb-log-file-size=32M',
    ];
  }

  /** What a node that was killed had committed, so that it fetches only what it missed. */
  private async recoveredPosition(): Promise<string | undefined> {
    const log = join(this.dir, 'recover.log');
    await rm(log, { force: true });
    const { stdout, stderr } = await run(pathOf('mariadbd')!, [...this.storage(), '--wsrep-recover'], unprivileged);
    return /Recovered position:\s*(\S+)/.exec(stdout + stderr)?.[1];
  }
}

/** Three members of a Galera group, each the database of one node of the application. */
export async function startGalera(): Promise<Cluster> {
  const dir = await scratch('gtr-galera-', 'memory');
  await give(dir);
  const first = await GaleraNode.install(dir);
  await first.start([first], true);
  await first.kill('SIGTERM');
  const nodes = [first, await first.copy(join(dir, 'node-1')), await first.copy(join(dir, 'node-2'))];
  for (const node of nodes) await node.start(nodes, node === first);
  const one = (): GaleraNode => nodes[Math.floor(Math.random() * nodes.length)]!;
  const during =
    (begin: (node: GaleraNode) => Promise<unknown>, stop: (node: GaleraNode) => Promise<unknown>): Fault =>
    async () => {
      const node = one();
      await begin(node);
      await sleep(OUTAGE_MS);
      await stop(node);
      for (const each of nodes) await each.untilSynced();
    };
  return {
    name: 'Galera, 3 nodes',
    ports: nodes.map(({ port }) => port),
    url: (port) => `mariadb://${USER}:${PASSWORD}@127.0.0.1:${port}/gtr`,
    faults: {
      'a database node is killed': during(
        (node) => node.kill(),
        (node) => node.start(nodes),
      ),
      'a database node is frozen': during(
        (node) => node.freeze(),
        (node) => node.thaw(),
      ),
      'a database node is cut off from the group': during(
        (node) => node.isolate(true),
        (node) => node.isolate(false),
      ),
    },
    unsafe: {},
    stop: async () => {
      for (const node of nodes) await node.kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
