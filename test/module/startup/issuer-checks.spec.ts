import { Logger } from '@nestjs/common';
import { afterEach, expect, test, vi } from 'vitest';
import { coreEntities, coreMigrations, StartChecks } from '../../../src/module/index.js';
import { claimTables, storedIssuer } from '../../../src/module/startup/issuer-checks.js';
import { inTransaction, onPrimary } from '../../../src/module/database/primary.js';
import { acceptIssuer } from '../../../src/module/administration/index.js';
import { dataSourceOptions } from '../../../src/reference-op/op/data-source.js';
import { describeEachDatabase } from '../../support/databases.js';
import { CreateHostUser1, type Host, type HostOptions, HostUser, startHost } from '../host.js';

const [A, B] = ['https://a.example.com', 'https://b.example.com'];

describeEachDatabase('the issuer that the tables belong to', (database) => {
  let hosts: Host[] = [];
  let created: { url: string; drop: () => Promise<void> } | undefined;

  afterEach(async () => {
    vi.restoreAllMocks();
    for (const { app } of hosts) await app.close();
    hosts = [];
    await created?.drop();
    created = undefined;
  });

  async function start(issuer: string, options: HostOptions['options'] = {}): Promise<Host> {
    created ??= await database.create();
    const dataSource = {
      ...dataSourceOptions(created.url),
      entities: [HostUser, ...coreEntities],
      migrations: [CreateHostUser1, ...coreMigrations],
      migrationsRun: true,
    } as NonNullable<HostOptions['dataSource']>;
    const host = await startHost('express', { dataSource, options: { issuer, ...options } });
    hosts.push(host);
    return host;
  }

  const refusal = (issuer: string): Promise<string> =>
    start(issuer).then(
      () => 'it has started',
      (error: Error) => error.message,
    );

  test('a second issuer on the same tables cannot start, while the first one runs and after it', async () => {
    const first = await start(A);
    const message =
      `GlobalRevocationModule: the tables belong to the issuer '${A}', not to '${B}', and its account ids may name other users: ` +
      'give each issuer its own database, or, if this issuer has a new name, run `issuer accept`';
    expect(await refusal(B)).toBe(message);
    await first.app.close();
    hosts = [];
    expect(await refusal(B)).toBe(message);
    expect(await refusal(A)).toBe('it has started');
  });

  test('of two issuers that start at once on new tables, only one starts', async () => {
    await (await start('http://localhost:3000')).app.close(); // makes the tables
    hosts = [];
    const outcomes = await Promise.all([refusal(A), refusal(B)]);
    expect(outcomes.filter((outcome) => outcome === 'it has started')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome.includes('the tables belong to'))).toHaveLength(1);
  });

  test.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000/op'])(
    'the development issuer %s gives way to another one',
    async (issuer) => {
      await start(issuer);
      expect(await refusal('http://localhost:4000')).toBe('it has started');
      expect(await refusal(A)).toBe('it has started');
      expect(await refusal(issuer)).toContain(`the tables belong to the issuer '${A}'`);
    },
  );

  test.each(['http://localhost.example.com', 'https://127.0.0.1.example.com'])(
    '%s is not a development issuer',
    async (issuer) => {
      await start(issuer, { production: false });
      expect(await refusal(A)).toContain(`the tables belong to the issuer '${issuer}'`);
    },
  );

  test('an accepted issuer starts, and the previous one does not', async () => {
    const { dataSource, app } = await start(A);
    const replaced = await inTransaction(dataSource, (manager) => acceptIssuer(manager, B));
    expect(replaced).toBe(A);
    expect(await app.get(StartChecks).findings()).toEqual([
      {
        check: 'issuer',
        isFatal: true,
        message: expect.stringContaining(`the tables belong to the issuer '${B}'`) as string,
      },
    ]);
    expect(await refusal(B)).toBe('it has started');
    expect(await refusal(A)).toContain(`the tables belong to the issuer '${B}'`);
  });

  test('a start that another issuer has overtaken replaces nothing', async () => {
    const { dataSource } = await start(A);
    expect(await claimTables(dataSource, B)).toHaveLength(1);
    expect(await onPrimary(dataSource, storedIssuer)).toBe(A);
  });

  test('a warning replaces nothing', async () => {
    const { dataSource } = await start(A);
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    await start(B, { startChecks: 'warn' });
    expect(warn).toHaveBeenCalledWith(expect.stringContaining(`the tables belong to the issuer '${A}'`));
    expect(await onPrimary(dataSource, storedIssuer)).toBe(A);
  });
});
