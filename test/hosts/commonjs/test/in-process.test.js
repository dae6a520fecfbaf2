const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { Test } = require('@nestjs/testing');
const { RevocationService, SubjectEpochs } = require('nestjs-global-revocation');

const folder = mkdtempSync(join(tmpdir(), 'jest-'));
process.env.DATABASE = join(folder, 'app.sqlite');
const { AppModule } = require('../dist/app.module.js');
const { SignedOut } = require('../dist/signed-out.controller.js');

let app;
beforeAll(async () => {
  const built = await Test.createTestingModule({ imports: [AppModule] }).compile();
  app = await built.createNestApplication({ logger: ['error'] }).init();
});
afterAll(async () => {
  await app?.close();
  rmSync(folder, { recursive: true });
});

test('Jest runs the module inside its own process', async () => {
  const epochs = app.get(SubjectEpochs);
  const epoch = await epochs.epochForSignIn('e-17');
  expect(await epochs.isCurrent('e-17', epoch)).toBe(true);
  await app.get(RevocationService).revoke('e-17', { actor: 'e2e' });
  expect(await epochs.isCurrent('e-17', epoch)).toBe(false);
  expect(app.get(SignedOut).subjects).toEqual(['e-17']);
});
