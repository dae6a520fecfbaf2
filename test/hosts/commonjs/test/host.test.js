const { execFileSync, spawn } = require('node:child_process');
const { once } = require('node:events');
const { mkdtemp, rm } = require('node:fs/promises');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const SECRET = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

let folder;
let server;
let url;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commonjs-'));
  const settings = { PORT: '0', DATABASE: join(folder, 'app.sqlite'), CALLER_ID: 'idp', CALLER_SECRET: SECRET };
  server = spawn(process.execPath, ['dist/main.js'], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(server.stdout, 'data');
  url = line.toString().trim();
});
afterAll(async () => {
  server.kill();
  await once(server, 'exit');
  await rm(folder, { recursive: true });
});

const revoke = (sub_id) =>
  fetch(`${url}/global-token-revocation`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`idp:${SECRET}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ sub_id }),
  });

test('the application is CommonJS', () => {
  const { compilerOptions } = require('../tsconfig.json');
  expect(compilerOptions).toMatchObject({ module: 'commonjs' });
  expect(compilerOptions).not.toHaveProperty('moduleResolution');
  expect(require('../package.json').type).toBeUndefined();
  expect(require('node:fs').readFileSync('dist/main.js', 'utf8')).toContain('require("nestjs-global-revocation")');
});

test('a revocation of a user in its own directory gives 204 and runs the listener', async () => {
  expect(await revoke({ format: 'email', email: 'Alice@Example.com' })).toHaveProperty('status', 204);
  expect(await revoke({ format: 'opaque', id: 'e-18' })).toHaveProperty('status', 204);
  expect(await (await fetch(`${url}/signed-out`)).json()).toEqual(['e-17', 'e-18']);
});

test.each([
  [{ format: 'email', email: 'carol@example.com' }, 404, 'not_found'],
  [{ format: 'phone_number', phone_number: '+12065550100' }, 400, 'invalid_request'],
])('%j gets %i %s', async (sub_id, status, error) => {
  const response = await revoke(sub_id);
  expect(response.status).toBe(status);
  expect(await response.json()).toHaveProperty('error', error);
});

test('an import and a require give the same classes', () => {
  const script = `Promise.all(['', '/administration', '/resource-server'].map(async (entry) => {
    const [required, imported] = [require('nestjs-global-revocation' + entry), await import('nestjs-global-revocation' + entry)];
    const names = Object.keys(imported);
    if (names.length === 0) throw new Error(entry);
    for (const name of names) if (required[name] !== imported[name]) throw new Error(entry + ' ' + name);
  })).then(() => console.log('the same'))`;
  expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })).toContain('the same');
});
