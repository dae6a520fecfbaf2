import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, inject, test } from 'vitest';
import { runCtl } from '../cli/ctl.js';
import { describeEachServer } from '../support/databases.js';
import { freePort } from '../support/free-port.js';
import { revoke } from '../support/operator.js';
import { build, startProcess } from '../support/server-process.js';

beforeAll(build);

describeEachServer('an empty database', (database) => {
  test('lets two nodes and a migration start at once, and both nodes revoke', async () => {
    const { url: DATABASE_URL, drop } = await database.create();
    const cwd = await mkdtemp(join(inject('tempDir'), 'together-'));
    const ports = [await freePort(), await freePort()];
    const starting = ports.map((port) =>
      startProcess(cwd, { PORT: String(port), ISSUER: `http://localhost:${ports[0]}`, DATABASE_URL }, database.adapter),
    );
    const [migrated, ...nodes] = await Promise.all([runCtl(['migrate'], { DATABASE_URL }), ...starting]);

    expect(migrated).toMatchObject({ code: 0, err: '' });
    for (const port of ports) {
      const endpoint = `http://localhost:${port}/global-token-revocation`;
      expect((await revoke({ endpoint }, { format: 'uid', id: 'alice' })).status).toBe(204);
    }
    await Promise.all(nodes.map((node) => node.stop()));
    await drop();
  });
});
