import { readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';

const { REPOSITORY, MEETING, WORKERS, DATABASE } = process.env;
const { startAuthorizationServer } = createRequire(join(REPOSITORY, 'package.json'))(
  'nestjs-global-revocation-testing',
);

const server = await startAuthorizationServer({ database: DATABASE });
afterAll(() => server.stop());

/** Goes on when every worker has come so far. */
async function meet(step) {
  writeFileSync(join(MEETING, `${step} ${process.pid} ${new URL(server.issuer).port}`), '');
  const here = () => readdirSync(MEETING).filter((file) => file.startsWith(`${step} `));
  await vi.waitFor(() => expect(here()).toHaveLength(Number(WORKERS)), { timeout: 30_000, interval: 20 });
}

async function isAlive({ tokens }) {
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  return (await fetch(`${server.issuer}/me`, { headers })).status === 200;
}

test('a revocation or reset by one worker leaves the others alone', { timeout: 120_000 }, async () => {
  await meet('started');
  const signedIn = await server.signIn('alice');
  await meet('signed-in');
  const ports = readdirSync(MEETING)
    .filter((file) => file.startsWith('started'))
    .map((file) => file.split(' ')[2])
    .sort();
  const place = ports.indexOf(new URL(server.issuer).port);
  if (place === 0) await server.revoke('alice');
  if (place === 1) await server.reset();
  await meet('ended');
  expect(await isAlive(signedIn)).toBe(place > 1);
  expect(await isAlive(await server.signIn('alice'))).toBe(true);
});
