import { expect, test } from 'vitest';
import { pageOf } from '../../../src/reference-op/docs/serve-docs.js';
import { loadSettings } from '../../../src/reference-op/settings/settings-load.js';
import { describeEachServer } from '../../support/databases.js';
import { demoOperator } from '../../support/people.js';
import { startForTest } from '../../support/server.js';

test.each([
  [undefined, false],
  ['on', true],
])('production with GTR_DOCS %s: docs %s', (GTR_DOCS, docs) => {
  const keys = { GTR_SIGNING_KEYS_FILE: 'a', GTR_COOKIE_KEYS_FILE: 'b', GTR_STORAGE_KEY_FILE: 'c' };
  const env = { NODE_ENV: 'production', ISSUER: 'https://op.example.com', ...keys, ...(GTR_DOCS && { GTR_DOCS }) };
  expect(loadSettings(env).docs).toBe(docs);
});

test.each([
  [false, true],
  [true, false],
])('production %s: form contains the secret of the demo client: %s', (production, isFilled) => {
  const page = pageOf(Object.assign(loadSettings({}), { production }));
  expect(page.includes(demoOperator.secret)).toBe(isFilled);
});

describeEachServer('Swagger UI', (database) => {
  test('docs off: neither page nor document exists', async () => {
    const server = await startForTest(database, { env: { GTR_DOCS: 'off' } });
    const answers = await Promise.all(['docs', 'docs-json'].map((path) => fetch(`${server.url}/${path}`)));
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  });

  test('docs on: requests omit stored credentials, so a wrong secret opens no browser dialog', async () => {
    const server = await startForTest(database);
    const script = await (await fetch(`${server.url}/docs/docs.js`)).text();
    expect(script).toMatch(/credentials: ?['"]omit['"]/);
  });

  test('docs on: the page loads only its own files and has no inline code except its style', async () => {
    const server = await startForTest(database);
    const page = await fetch(`${server.url}/docs`);
    const text = await page.text();
    expect(text).toContain('<meta name="viewport" content="width=device-width, initial-scale=1" />');
    expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe|\*/);
    const loaded = [...text.matchAll(/ (?:src|href)="(\/docs[^"]+)"/g)].map(([, path]) => path!);
    const answers = await Promise.all(loaded.map((path) => fetch(server.url + path)));
    const types = answers.map(({ status, headers }) => `${status} ${headers.get('content-type')}`);
    expect(Object.fromEntries(loaded.map((path, index) => [path, types[index]]))).toEqual({
      '/docs/swagger-ui.css': '200 text/css; charset=utf-8',
      '/docs/swagger-ui-bundle.js': '200 text/javascript; charset=utf-8',
      '/docs/docs.js': '200 text/javascript; charset=utf-8',
      '/docs-json': '200 application/json; charset=utf-8',
    });
  });
});
