import { readFile } from 'node:fs/promises';

/** What a process keeps in memory. @throws Error where there is no /proc */
export async function residentMib(pid: number): Promise<number> {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))!;
  return Number(kib) / 1024;
}
