import { expect, test } from 'vitest';
import { onPrimary } from '../../src/module/database/primary.js';
import { storedIssuer } from '../../src/module/startup/issuer-checks.js';
import { describeEachDatabase } from '../support/databases.js';
import { serverFixture } from '../support/server.js';
import { ctl, type Ended } from './ctl.js';

const NEW = 'https://new.example.com';

describeEachDatabase('ctl issuer accept', (database) => {
  const server = serverFixture(database);

  const command = (...args: string[]): Promise<Ended> => ctl(args, { DATABASE_URL: server.databaseUrl, ISSUER: NEW });

  test('stores the configured issuer and leaves a record', async () => {
    expect(await onPrimary(server.dataSource, storedIssuer)).toBe(server.url);
    const accepted = await command('issuer', 'accept', '--json');
    expect(JSON.parse(accepted.out)).toEqual({ before: server.url, issuer: NEW });
    expect(await onPrimary(server.dataSource, storedIssuer)).toBe(NEW);
    const { out } = await command('changes', 'list', '--json');
    expect(JSON.parse(out)).toContainEqual(
      expect.objectContaining({ action: 'issuer.accept', before: server.url, after: NEW }),
    );
  });

  test('doctor names the issuer that the tables belong to', async () => {
    await command('issuer', 'accept');
    const { out } = await ctl(['doctor'], { DATABASE_URL: server.databaseUrl, ISSUER: server.url });
    expect(out).toMatch(/^FIX +tables +the tables belong to the issuer 'https:\/\/new\.example\.com'/m);
  });
});
