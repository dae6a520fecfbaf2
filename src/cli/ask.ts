import { createInterface } from 'node:readline/promises';
import { EXIT_CODES } from './exit-codes.js';

/** Returns what asks the operator; undefined unless somebody sits at a terminal and sees both question and answer. */
export function asker(): ((question: string) => Promise<boolean>) | undefined {
  const { stdin, stdout, stderr } = process;
  return stdin.isTTY && stdout.isTTY && stderr.isTTY ? ask : undefined;
}

/** Anything but yes is no, the end of the input too; Ctrl-C ends the process. */
async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.once('SIGINT', () => {
    terminal.close();
    process.stderr.write('\n');
    process.exit(EXIT_CODES.interrupted);
  });
  const answer = await terminal.question(`${question} [y/N] `).catch(() => '\n'); // rejected by Ctrl-D
  terminal.close();
  if (answer === '\n') process.stderr.write(answer);
  return /^\s*y(es)?\s*$/i.test(answer);
}
