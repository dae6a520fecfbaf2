import { setTimeout as sleep } from 'node:timers/promises';
import { isDriverError } from './driver-errors.js';

const PAUSE_MS = 100;

/** Runs `work` again while a fault passes, e.g. another process has the database locked. For what no request waits for. */
export async function patiently<T>(work: () => Promise<T>, patienceMs = 60_000): Promise<T> {
  for (const late = Date.now() + patienceMs; ; await sleep(PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!isDriverError(error, 'transient') || Date.now() > late) throw error;
    }
  }
}
