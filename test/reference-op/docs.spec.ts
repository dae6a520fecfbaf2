import { afterEach, expect, test } from 'vitest';
import { loadSettings } from '../../src/reference-op/settings/settings-load.js';
import { describeEachServer } from '../support/databases.js';
import { startServer, type TestServer } from '../support/server.js';

test.each([
  [undefined, false],
  ['on', true],
])('production, GTR_DOCS %s → docs %s', (GTR_DOCS, docs) => {
  const keys = { GTR_SIGNING_KEYS_FILE: 'a', GTR_COOKIE_KEYS_FILE: 'b', GTR_STORAGE_KEY_FILE: 'c' };
  const env = { NODE_ENV: 'production', ISSUER: 'https://op.example.com', ...keys, ...(GTR_DOCS && { GTR_DOCS }) };
  expect(loadSettings(env).docs).toBe(docs);
});

describeEachServer('Swagger UI', (database) => {
  let server: TestServer;
  afterEach(() => server.stop());

  test('docs off → neither the page nor the document is there', async () => {
    server = await startServer(database, { env: { GTR_DOCS: 'off' } });
    const answers = await Promise.all(['docs', 'docs-json'].map((path) => fetch(`${server.url}/${path}`)));
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  });

  test('docs on → requests leave out what the browser keeps, so that a wrong secret opens no dialog of its own', async () => {
    server = await startServer(database);
    const script = await (await fetch(`${server.url}/docs/swagger-ui-init.js`)).text();
    expect(script).toMatch(/credentials: ?['"]omit['"]/);
  });
});
