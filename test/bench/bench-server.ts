import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { freePort } from '../support/free-port.js';
import { unlimited } from '../support/unlimited.js';

/** Address and settings of a server that runs as a process of its own and does nothing but answer. */
export async function benchServer(databaseUrl: string): Promise<{ url: string; settings: Record<string, string> }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const settings = {
    PORT: String(port),
    ISSUER: url,
    GTR_HOST: '127.0.0.1',
    DATABASE_URL: databaseUrl,
    GTR_DATA_DIR: await mkdtemp(join(inject('tempDir'), 'bench-')),
    GTR_SWEEP_INTERVAL_MS: '0',
    ...unlimited,
  };
  return { url, settings };
}
