import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Stops a process in the middle of whatever it does. Its threads may still finish something before all stand still. */
export async function freeze(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  while (!(await standsStill(pid))) await sleep(1);
}

/** @see proc(5), /proc/pid/stat: the state follows the name in brackets */
async function standsStill(pid: number): Promise<boolean> {
  const tasks = `/proc/${pid}/task`;
  const stats = (await readdir(tasks)).map((task) => readFile(`${tasks}/${task}/stat`, 'utf8'));
  return (await Promise.all(stats)).every((stat) => stat.slice(stat.lastIndexOf(')')).startsWith(') T'));
}
