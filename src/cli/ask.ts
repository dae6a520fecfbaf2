import { createInterface } from 'node:readline/promises';
import { EXIT_CODES } from './exit-codes.js';

/** Returns a function that asks the operator a question; undefined unless input and output are both a terminal. */
export function asker(): ((question: string) => Promise<boolean>) | undefined {
  const { stdin, stdout, stderr } = process;
  return stdin.isTTY && stdout.isTTY && stderr.isTTY ? ask : undefined;
}

/** Asks a question. Any answer other than yes means no, as does the end of the input; Ctrl-C ends the process. */
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
