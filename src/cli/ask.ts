import { createInterface } from 'node:readline/promises';
import { EXIT_CODES } from './exit-codes.js';

/** Asks a question. @param word what the operator has to type; without it, yes */
export type Ask = (question: string, word?: string) => Promise<boolean>;

/** Returns a function that asks the operator a question; undefined unless input and output are both a terminal. */
export function asker(): Ask | undefined {
  const { stdin, stdout, stderr } = process;
  return stdin.isTTY && stdout.isTTY && stderr.isTTY ? ask : undefined;
}

/** Any answer other than yes, or the word if there is one, means no, as does the end of the input; Ctrl-C ends the process. */
async function ask(question: string, word?: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.once('SIGINT', () => {
    terminal.close();
    process.stderr.write('\n');
    process.exit(EXIT_CODES.interrupted);
  });
  const how = word === undefined ? '[y/N]' : `Type ${word} to confirm:`;
  const answer = await terminal.question(`${question} ${how} `).catch(() => '\n'); // rejected by Ctrl-D
  terminal.close();
  if (answer === '\n') process.stderr.write(answer);
  return word === undefined ? /^\s*y(es)?\s*$/i.test(answer) : answer.trim() === word;
}
