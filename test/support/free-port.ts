import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that the kernel gives to outgoing identityProviders: one of those may be taken before a server listens on it. */
const FIRST = 12_000;
const TURNS = 2_000;
/** More than there are workers; each of them has ports of its own. */
const WORKERS = 10;

const worker = Number(process.env.VITEST_POOL_ID ?? 0) % WORKERS;
let turn = Math.floor(Math.random() * TURNS);

/** A TCP port that is free, and that no other test is given. */
export async function freePort(): Promise<number> {
  for (;;) {
    turn = (turn + 1) % TURNS;
    const port = FIRST + turn * WORKERS + worker;
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port);
  try {
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch {
    return false;
  }
}
