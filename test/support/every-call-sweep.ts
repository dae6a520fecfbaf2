import { setTimeout as sleep } from 'node:timers/promises';
import { hash } from '@node-rs/argon2';
import { RevocationService } from '../../src/module/revocation/revocation.service.js';
import { OpUser } from '../../src/reference-op/op/op-user.entity.js';
import { AccountsService } from '../../src/reference-op/op/accounts.service.js';
import { Calls, type Place } from './every-call.js';
import type { Flow } from './every-call-flows.js';
import { Run, type World } from './every-call-run.js';
import { verdict } from './every-call-verdict.js';
import type { TestDatabase } from './databases.js';
import { jwtSettings } from './jwt-api.js';
import { alice, bob, demoDevice, type Person } from './people.js';
import { Device, RelyingParty } from './relying-party.js';
import { startServer } from './server.js';

/** Costs of argon2: a sweep signs in a thousand times; a slow check leaves time to revoke in its middle. */
const CHEAP = { memoryCost: 8, timeCost: 1, parallelism: 1 };
const SLOW = { memoryCost: 65_536, timeCost: 25, parallelism: 1 };

/** A server on which alice is revoked at any adapter call of any flow. */
export class Sweep {
  private run: Run | undefined;
  private flow: Flow | undefined;
  /** What happens while a password of alice is checked. */
  private meanwhile: (() => Promise<void>) | undefined;

  private constructor(readonly world: World) {}

  static async start(database: TestDatabase): Promise<Sweep> {
    const calls = new Calls();
    const server = await startServer(database, { env: jwtSettings, override: calls.override });
    const app = await RelyingParty.discover(server);
    const deviceApp = await RelyingParty.discover(server, demoDevice);
    const sweep = new Sweep({ server, calls, app, device: await Device.discover(server), deviceApp });
    for (const person of [alice, bob]) await sweep.setHash(person, CHEAP);
    sweep.watchPasswords();
    return sweep;
  }

  stop = (): Promise<void> => this.world.server.stop();

  readonly revoke = async (): Promise<void> => {
    await this.world.server.app.get(RevocationService).revoke(alice.id, { actor: 'test' });
  };

  /** Hashes a person's password anew. */
  async setHash({ id, password }: Person, cost: NonNullable<Parameters<typeof hash>[1]>): Promise<void> {
    await this.world.server.dataSource.manager.update(OpUser, id, { passwordHash: await hash(password, cost) });
  }

  /** The adapter calls of a flow that nothing strikes. */
  async callsOf(flow: Flow): Promise<string[]> {
    await this.go(flow);
    return [...this.world.calls.log];
  }

  /**
   * Runs a flow while alice is revoked at a place.
   *
   * @returns what is wrong afterwards, in words
   */
  async strike(flow: Flow, place: Place): Promise<string[]> {
    const run = await this.go(flow, place);
    if (!this.world.calls.struck) run.faults.push(`struck nowhere: ${this.world.calls.log.length} calls`);
    return (await this.judge(run)).map((fault) => `${place.when} ${place.k}: ${fault}`);
  }

  /** Runs a flow while alice is revoked in the middle of the check of her password. */
  async strikeWhileChecking(flow: Flow): Promise<string[]> {
    let checks = 0;
    this.meanwhile = async () => {
      this.meanwhile = undefined;
      await sleep(100);
      await this.revoke();
      checks += 1;
    };
    const run = await this.go(flow, undefined, () => this.setHash(alice, SLOW));
    await this.setHash(alice, CHEAP);
    if (checks !== 1) run.faults.push('struck nowhere');
    return this.judge(run);
  }

  /** What is wrong after a run. */
  judge(run: Run): Promise<string[]> {
    this.world.calls.start();
    this.run = undefined;
    return verdict(run);
  }

  private async go(flow: Flow, place?: Place, prepare?: () => Promise<void>): Promise<Run> {
    const run = new Run(this.world);
    this.run = undefined;
    await flow.before?.(run);
    await prepare?.();
    this.run = run;
    this.flow = flow;
    this.world.calls.start(place, this.revoke);
    await flow.flow(run);
    return run;
  }

  /** Notes whether a password of alice is checked after the revocation, and against an epoch nothing else has put into the context. */
  private watchPasswords(): void {
    const accounts = this.world.server.app.get(AccountsService);
    const signIn = accounts.signIn.bind(accounts);
    accounts.signIn = async (id, password) => {
      const { run, flow } = this;
      if (!run || id !== alice.id) return signIn(id, password);
      if (this.world.calls.struck) run.late = run.sentAfter || !flow?.overSession;
      let checking = true;
      const result = signIn(id, password).finally(() => (checking = false));
      await this.meanwhile?.();
      if (!checking) run.faults.push('the check was over before the revocation');
      return result;
    };
  }
}
