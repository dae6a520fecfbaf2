import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Stops a process and its children in the middle of whatever they do: PostgreSQL has a process for each connection. Their
 * threads may still finish something before all stand still.
 */
export async function freeze(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  while (!(await standsStill(pid))) await sleep(1);
  for (const child of await childrenOf(pid)) await freeze(child).catch(() => {}); // it has just ended
}

/** Lets them go on. */
export async function thaw(pid: number): Promise<void> {
  for (const each of [...(await childrenOf(pid)), pid]) signal(each);
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // it has ended
  }
}

/** @see proc(5), /proc/pid/task/tid/children */
async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

/** @see proc(5), /proc/pid/stat: the state follows the name in brackets */
async function standsStill(pid: number): Promise<boolean> {
  const tasks = `/proc/${pid}/task`;
  const stats = (await readdir(tasks)).map((task) => readFile(`${tasks}/${task}/stat`, 'utf8'));
  return (await Promise.all(stats)).every((stat) => stat.slice(stat.lastIndexOf(')')).startsWith(') T'));
}
