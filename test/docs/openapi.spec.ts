import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, inject, test } from 'vitest';
import { createApp } from '../../src/reference-op/app.js';
import { openApiDocument } from '../../src/reference-op/docs/openapi.js';
import { loadSettings } from '../../src/reference-op/settings/settings-load.js';

const run = promisify(execFile);
const { publicKey } = generateKeyPairSync('ed25519');
const identityProvider = {
  id: 'upstream',
  issuers: ['http://localhost:3000'],
  keys: { jwks: { keys: [publicKey.export({ format: 'jwk' })] } },
  logoutClientId: 'us',
};
let document: string;

beforeAll(async () => {
  const dir = await mkdtemp(join(inject('tempDir'), 'docs-'));
  const settings = loadSettings({
    DATABASE_URL: `sqlite:${join(dir, 'op.sqlite')}`,
    GTR_DATA_DIR: dir,
    GTR_SHARED_SIGNALS: 'on',
    GTR_IDENTITY_PROVIDERS: JSON.stringify([identityProvider]),
  });
  const app = await createApp(settings);
  await app.init();
  document = `${JSON.stringify(openApiDocument(app, settings), null, 2)}\n`;
  await app.close();
});

test('the committed OpenAPI document is current (npm run openapi writes it)', async () => {
  await expect(document).toMatchFileSnapshot('../../docs/openapi.json');
});

test('the committed OpenAPI document passes the linter', async () => {
  const { stdout, stderr } = await run(
    'npx',
    ['redocly', 'lint', 'docs/openapi.json', '--config=config/redocly.yaml'],
    {
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    },
  );
  expect(`${stdout}${stderr}`).toMatch(/Your API description is valid/);
});
