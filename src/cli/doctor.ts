import { Inject, Injectable } from '@nestjs/common';
import type { JWK } from 'jose';
import type { DataSource } from 'typeorm';
import {
  clockLead,
  DatabaseDeadline,
  EndpointRoute,
  FeatureFlags,
  type Finding,
  GLOBAL_REVOCATION_OPTIONS,
  pendingMigrations,
  probeWrite,
  type ResolvedOptions,
  REVOCATION_DATA_SOURCE,
  StartChecks,
} from 'nestjs-global-revocation';
import { Deliveries } from 'nestjs-global-revocation/administration';
import { type Check, examined } from './check.js';
import { Cli } from './cli.js';
import { CommandFailure } from './failure.js';
import { HostApp } from './host-app.js';
import { type PublishedMetadata, readKeys, readMetadata } from './published-metadata.js';
import { SIGNING_KEYS, unpublished } from './signing-keys.js';
import { count } from './terminal-text.js';

type Look = readonly [check: string, look: () => Promise<string>];

/** Lines about startup checks, and what each says if they find nothing. */
const START = {
  versions: 'of the packages that the module uses are supported',
  tables: 'every table and column exists',
  users: 'can be looked up',
  primary: 'the database is not a replica, and autocommit is on',
  durability: 'revocations survive a crash',
  endpoint: 'has one URL',
} as const;

/** The line that shows the findings of each startup check. */
const LINES: Readonly<Record<Finding['check'], keyof typeof START>> = {
  versions: 'versions',
  issuer: 'tables',
  entities: 'tables',
  tables: 'tables',
  targets: 'tables',
  users: 'users',
  scopes: 'users',
  database: 'primary',
  durability: 'durability',
  path: 'endpoint',
  metadata: 'endpoint',
  guards: 'endpoint',
};

/** Tolerated clock difference, in milliseconds. Two nodes can differ by twice as much, which signed requests tolerate. */
const CLOCK_MS = 5000;

/** Checks whether revocation works, and says how to fix what does not. */
@Injectable()
export class Doctor {
  constructor(
    @Inject(HostApp) private readonly host: HostApp,
    @Inject(Cli) private readonly cli: Cli,
  ) {}

  /** Runs all checks; only the first if the application does not start. Changes nothing. */
  async examine(): Promise<Check[]> {
    const start = await this.examined([
      'application',
      async () => {
        await this.host.open();
        return 'starts with these settings';
      },
    ]);
    if (!start.ok) return [start];
    const findings = this.findings();
    findings.catch(() => {}); // reported by each line that needs the findings
    const metadata = this.options().then(({ issuer }) => readMetadata(issuer));
    const deliveries: Look = ['deliveries', () => this.delivered()];
    const looks: Look[] = [
      ['database', () => this.writable()],
      ['clock', () => this.onTime()],
      ['migrations', () => this.migrated()],
      ...Object.entries(START).map(([line, well]): Look => [line, () => this.nothingOf(findings, line, well)]),
      ['flag', () => this.switchedOn()],
      ['discovery', () => this.discovered(metadata)],
      ...((await this.options()).notifications.sinks.length > 0 ? [deliveries] : []),
    ];
    const checks = [start, ...(await Promise.all(looks.map((look) => this.examined(look))))];
    const published = await metadata.catch(() => undefined); // reported by the line on discovery
    return published ? [...checks, await this.examined(['keys', () => this.published(published)])] : checks;
  }

  private examined([check, look]: Look): Promise<Check> {
    return examined(check, this.cli.name, look);
  }

  private async findings(): Promise<Finding[]> {
    const checks = await this.host.get(StartChecks);
    return (await this.host.get(DatabaseDeadline)).run(() => checks.findings());
  }

  private async writable(): Promise<string> {
    const dataSource = await this.dataSource();
    await (await this.host.get(DatabaseDeadline)).run(() => probeWrite(dataSource));
    return 'is writable';
  }

  private async onTime(): Promise<string> {
    const dataSource = await this.dataSource();
    const lead = await (await this.host.get(DatabaseDeadline)).run(() => clockLead(dataSource));
    if (Math.abs(lead) <= CLOCK_MS) return 'agrees with the database clock';
    const problem = `${Math.round(Math.abs(lead) / 1000)} s ${lead > 0 ? 'ahead of' : 'behind'} the database clock`;
    throw new CommandFailure('failed', `${problem}: synchronize all nodes and the database with NTP`);
  }

  private async migrated(): Promise<string> {
    const names = await pendingMigrations(await this.dataSource());
    if (names.length === 0) return 'all have run';
    throw new CommandFailure('failed', `pending: ${names.join(', ')}: run \`${this.cli.name} migrate\``);
  }

  private async switchedOn(): Promise<string> {
    const states = await (await this.host.get(FeatureFlags)).list();
    const off = states.find(({ name, enabled }) => name === 'GLOBAL_TOKEN_REVOCATION' && !enabled);
    const inWords = states.map(({ name, enabled, source }) => `${name} is ${enabled ? 'on' : 'off'} (${source})`);
    if (!off) return inWords.join(', ');
    const fix = `run \`${this.cli.name} flags enable ${off.name}\``;
    throw new CommandFailure('failed', `${off.name} is off, so every caller is rejected: ${fix}`);
  }

  /** Reads the metadata of a running server, and checks that it agrees with the flag. */
  private async discovered(metadata: Promise<PublishedMetadata>): Promise<string> {
    const { issuer } = await this.options();
    const published = await metadata;
    if (published.issuer !== issuer) {
      const fix = 'configure the same issuer here as for the server';
      throw new CommandFailure('failed', `${issuer} publishes the issuer ${String(published.issuer)}: ${fix}`);
    }
    const isOn = await (await this.host.get(FeatureFlags)).isEnabled('GLOBAL_TOKEN_REVOCATION');
    const { global_token_revocation_endpoint: endpoint } = published;
    if (isOn && endpoint === undefined) {
      const fix =
        'check that the server uses this database, and set the option `metadata`, or add the claims of RevocationMetadata to the metadata';
      throw new CommandFailure(
        'failed',
        `the metadata has no global_token_revocation_endpoint, although the flag is on: ${fix}`,
      );
    }
    const { declaredPath } = await this.host.get(EndpointRoute);
    if (isOn && !String(endpoint).endsWith(`/${declaredPath}`)) {
      const fix = 'configure the same path here as for the server';
      throw new CommandFailure(
        'failed',
        `the published endpoint ${String(endpoint)} does not end with /${declaredPath}: ${fix}`,
      );
    }
    return isOn ? `publishes ${String(endpoint)}` : 'publishes no endpoint, because the flag is off';
  }

  /** Checks that the published keys include the keys that the server signs with. */
  private async published({ jwks_uri: uri }: PublishedMetadata): Promise<string> {
    if (typeof uri !== 'string') return 'no keys are published';
    const keys = await readKeys(uri);
    const signing = await this.host.find<readonly JWK[]>(SIGNING_KEYS);
    const missing = signing ? await unpublished(signing, keys) : [];
    if (missing.length === 0) return `${keys.length} published, none of them private`;
    const fix = 'configure the same keys here and for every server, and restart the servers';
    throw new CommandFailure('failed', `${uri} does not publish the signing keys ${missing.join(', ')}: ${fix}`);
  }

  /** Names the recipients with notifications that were given up. */
  private async delivered(): Promise<string> {
    const deliveries = await this.host.get(Deliveries);
    const failing = await (await this.host.get(DatabaseDeadline)).run(() => deliveries.failing());
    if (failing.length === 0) return 'no notification was given up within the last day';
    const lost = failing.map(
      ({ recipient, notifications }) => `${recipient} (${count(notifications, 'notification')})`,
    );
    const fix = `\`${this.cli.name} deliveries list --state dead\` shows why, and \`${this.cli.name} deliveries retry RECIPIENT\` sends again`;
    throw new CommandFailure('failed', `given up within the last day: ${lost.join(', ')}: ${fix}`);
  }

  private dataSource(): Promise<DataSource> {
    return this.host.get<DataSource>(REVOCATION_DATA_SOURCE);
  }

  private options(): Promise<ResolvedOptions> {
    return this.host.get<ResolvedOptions>(GLOBAL_REVOCATION_OPTIONS);
  }

  private async nothingOf(findings: Promise<readonly Finding[]>, line: string, well: string): Promise<string> {
    const found = (await findings).filter(({ check }) => LINES[check] === line);
    if (found.length === 0) return well;
    const mayBePending = found.every(({ check }) => check === 'tables');
    if (mayBePending && (await pendingMigrations(await this.dataSource())).length > 0) {
      throw new CommandFailure('failed', `tables or columns are missing: run \`${this.cli.name} migrate\` first`);
    }
    throw new CommandFailure('failed', found.map(({ message }) => message).join('; '));
  }
}
