import { mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
const ROOM = 4 * 1024 ** 3;

export type Where = 'memory' | 'disk';

/** A new directory, in memory where that has room: on disk, every commit waits for it. What is measured has to be on disk. */
export async function scratch(prefix: string, where: Where): Promise<string> {
  return mkdtemp(join(where === 'memory' && (await hasRoom()) ? MEMORY : tmpdir(), prefix));
}

async function hasRoom(): Promise<boolean> {
  const { bavail, bsize } = await statfs(MEMORY).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize > ROOM;
}
