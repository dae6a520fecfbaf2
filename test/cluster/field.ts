import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hash } from '@node-rs/argon2';
import { DataSource } from 'typeorm';
import { inject } from 'vitest';
import { Revocation } from '../../src/module/revocation/revocation.entity.js';
import { dataSourceOptions } from '../../src/reference-op/op/data-source.js';
import { OpUser } from '../../src/reference-op/op/op-user.entity.js';
import { freePort } from '../support/free-port.js';
import { basic } from '../support/operator.js';
import { demoApp, demoOperator } from '../support/people.js';
import { type Answer, post, send } from '../support/race-http.js';
import { QuickBrowser } from '../support/race-sign-in.js';
import { type ServerProcess, startProcess } from '../support/server-process.js';
import { unlimited } from '../support/unlimited.js';
import { type Cluster, type Fault, PASSWORD } from './cluster-database.js';
import { History, type Verdict, verdictOf } from './history.js';
import { TcpProxy } from './tcp-proxy.js';

/** People whose sign-ins are revoked in a round, and people whose sign-ins are not. */
const REVOKED = 18;
const BYSTANDERS = 6;

/** Milliseconds until a request counts as unanswered; the server answers 503 after 5 s. */
const PATIENCE_MS = 15_000;

/** How long the fault has been there when people are revoked in it. */
const LEAD_MS = 1500;

interface Node {
  url: string;
  process: ServerProcess;
}

/** Three nodes of the application on a cluster, people who sign in, and callers who revoke them. */
export class Field {
  private constructor(
    private readonly cluster: Cluster,
    private readonly proxies: readonly TcpProxy[],
    private readonly nodes: readonly Node[],
    private readonly people: readonly OpUser[],
    private readonly direct: () => Promise<DataSource>,
  ) {}

  static async open(cluster: Cluster): Promise<Field> {
    const dataDir = await mkdtemp(join(inject('tempDir'), 'cluster-'));
    const proxies: TcpProxy[] = [];
    const nodes: Node[] = [];
    for (const target of cluster.ports) {
      const proxy = await TcpProxy.open(target);
      proxies.push(proxy);
      const port = await freePort();
      const settings = {
        PORT: String(port),
        DATABASE_URL: cluster.url(proxy.port),
        GTR_DATA_DIR: dataDir,
        ...unlimited,
      };
      nodes.push({ url: `http://localhost:${port}`, process: await startProcess(dataDir, settings) });
    }
    const direct = (): Promise<DataSource> =>
      new DataSource({ ...dataSourceOptions(cluster.url(proxies[1]!.port)), migrations: [] }).initialize();
    const people = await addPeople(await direct());
    return new Field(cluster, proxies, nodes, people, direct);
  }

  async close(): Promise<void> {
    for (const { process } of this.nodes) await process.stop();
    for (const proxy of this.proxies) proxy.close();
    await this.cluster.stop();
  }

  /** Everybody signs in; in the midst of a fault people are revoked, while all nodes check all tokens. */
  async round(fault: Fault): Promise<Verdict> {
    const histories = await Promise.all(this.people.map((person) => this.signIn(person)));
    const revoked = histories.slice(BYSTANDERS);
    const controller = new AbortController();
    const checkers = this.nodes.map((node) => this.check(node, histories, controller.signal));
    const happened = fault(this.proxies);
    await Promise.all([
      happened,
      sleep(LEAD_MS).then(() => Promise.all(revoked.map((history, index) => this.revoke(history, index)))),
    ]);
    controller.abort();
    await Promise.all(checkers);
    for (const node of this.nodes) for (const history of histories) await this.settle(node, history);
    return verdictOf(histories, await this.records());
  }

  private async signIn({ id, uid }: OpUser): Promise<History> {
    const { url } = this.some();
    const grant = await new QuickBrowser({ url }).signIn({ uid, password: PASSWORD });
    const { status, body } = await post(`${url}/token`, demoApp, grant);
    if (status !== 200) throw new Error(`no token: ${status} ${body}`);
    const { access_token, refresh_token } = JSON.parse(body) as { access_token: string; refresh_token: string };
    return new History(id, access_token, refresh_token);
  }

  /** Asks one node about one token after another. */
  private async check(node: Node, histories: readonly History[], signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.introspect(node, histories[Math.floor(Math.random() * histories.length)]!);
      await sleep(10);
    }
  }

  private async introspect({ url }: Node, history: History): Promise<boolean> {
    const sent = performance.now();
    const answer = await answered(post(`${url}/token/introspection`, demoApp, { token: history.accessToken }));
    if (answer?.status !== 200) {
      history.unclear += 1;
      return false;
    }
    history.checks.push({ sent, isActive: (JSON.parse(answer.body) as { active: boolean }).active });
    return true;
  }

  /** Calls one node after another until one answers 204. */
  private async revoke(history: History, index: number): Promise<void> {
    await sleep(index * 300);
    for (let tries = index; history.revokedAt === undefined; tries += 1) {
      const requestId = randomUUID();
      const { url } = this.nodes[tries % this.nodes.length]!;
      const headers = {
        authorization: basic(demoOperator.clientId, demoOperator.secret),
        'content-type': 'application/json',
        'x-request-id': requestId,
      };
      const body = JSON.stringify({ sub_id: uid(history) });
      const answer = await answered(send(`${url}/global-token-revocation`, { method: 'POST', headers }, body));
      history.calls.push({ requestId, answered: performance.now(), status: answer?.status ?? 0 });
      if (answer?.status !== 204) await sleep(250);
    }
  }

  /** When everything is well again, each node gives a clear answer, and a refresh token of somebody revoked is refused. */
  private async settle(node: Node, history: History): Promise<void> {
    for (const deadline = Date.now() + 60_000; !(await this.introspect(node, history)); await sleep(500)) {
      if (Date.now() > deadline)
        throw new Error(`no clear answer from ${node.url}\n${node.process.output().slice(-3000)}`);
    }
    if (history.revokedAt === undefined) return;
    const form = { grant_type: 'refresh_token', refresh_token: history.refreshToken };
    const sent = performance.now();
    const { status, body } = await post(`${node.url}/token`, demoApp, form);
    history.checks.push({ sent, isActive: !(status === 400 && body.includes('"invalid_grant"')) });
  }

  private async records(): Promise<Map<string, number>> {
    const dataSource = await this.direct();
    const found = await dataSource.getRepository(Revocation).find({ select: { requestId: true } });
    await dataSource.destroy();
    const counts = new Map<string, number>();
    for (const { requestId } of found) counts.set(requestId, (counts.get(requestId) ?? 0) + 1);
    return counts;
  }

  private some(): Node {
    return this.nodes[Math.floor(Math.random() * this.nodes.length)]!;
  }
}

const uid = ({ subject }: History) => ({ format: 'uid', id: subject.slice(0, 8) });

/** @returns undefined if it broke, or took too long */
const answered = (sent: Promise<Answer>): Promise<Answer | undefined> =>
  Promise.race([sent, sleep(PATIENCE_MS, undefined, { ref: false })]).catch(() => undefined);

/** People whose passwords take no time to check. Their names are the beginning of their account ids. */
async function addPeople(dataSource: DataSource): Promise<OpUser[]> {
  const passwordHash = await hash(PASSWORD, { memoryCost: 8, timeCost: 1, parallelism: 1 });
  const people = Array.from({ length: BYSTANDERS + REVOKED }, () => {
    const id = randomUUID();
    const name = id.slice(0, 8);
    const rest = { email: `${name}@example.com`, phone: '', name, department: '', passwordHash, demo: 0 };
    return Object.assign(new OpUser(), { id, uid: name, ...rest });
  });
  await dataSource.getRepository(OpUser).insert(people);
  await dataSource.destroy();
  return people;
}
