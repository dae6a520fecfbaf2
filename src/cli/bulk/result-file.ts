import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { CommandFailure } from '../failure.js';
import { jsonLine } from '../terminal-text.js';
import type { Outcome } from './bulk-run.js';

/** A file with a line of JSON per user. Only its owner may read it. */
export interface ResultFile {
  write: (outcome: Outcome) => void;
  close: () => Promise<void>;
}

/** Creates the file. @param isAgain whether it may exist, and is overwritten. @throws CommandFailure if it cannot be written */
export async function createResultFile(path: string, isAgain: boolean): Promise<ResultFile> {
  try {
    const file = await open(path, isAgain ? 'w' : 'wx', 0o600);
    await file.chmod(0o600);
    const stream = file.createWriteStream();
    let failed: Error | undefined;
    stream.on('error', (error) => (failed = error));
    return {
      write: (outcome) => void stream.write(`${jsonLine(outcome)}\n`),
      close: async () => {
        if (!failed) await Promise.race([once(stream.end(), 'close'), once(stream, 'error')]);
        if (failed) throw unwritable(failed);
      },
    };
  } catch (cause) {
    throw unwritable(cause as Error);
  }
}

const unwritable = (cause: Error): CommandFailure =>
  new CommandFailure('failed', `the result file cannot be written (${cause.message}): name another with --result`, {
    cause,
  });
