import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { environment } from '../hosts/installed-host.js';
import { blocksOf } from './blocks.js';
import { withoutBlocks } from './pages.js';

/** Commands of a page. Blocks of language `sh` are run; `console` shows what is not, such as an installation. */
export interface CommandBlock {
  /** Line of the page where the block begins. */
  line: number;
  script: string;
  /** Lines that its output must contain; `…` stands for anything. */
  expected: string[];
}

/** Every `sh` block, each with the text, json or http block that comes after it under the same heading. */
export function commandBlocks(markdown: string): CommandBlock[] {
  const fences = blocksOf(markdown);
  return fences.flatMap(({ language, text: body, line }, index) => {
    if (language !== 'sh') return [];
    const next = fences[index + 1];
    const isAnswer = next !== undefined && ['text', 'json', 'http'].includes(next.language);
    const answer = isAnswer && !hasHeading(markdown, line, next.line) ? next.text : '';
    const expected = answer.split('\n').map((each) => each.trim());
    return [{ line, script: body, expected: expected.filter((each) => each !== '') }];
  });
}

/** Whether there is a heading between two lines. */
const hasHeading = (markdown: string, from: number, to: number): boolean =>
  withoutBlocks(markdown)
    .split('\n')
    .slice(from, to)
    .some((line) => line.startsWith('#'));

const marker = '--- end of block ---';

/**
 * Runs the blocks in one shell, in order; outputs of those that ran to their end, and how the shell ended.
 *
 * @param cwd a project of its own. @default this repository
 */
export async function runBlocks(
  blocks: CommandBlock[],
  settings: Record<string, string> = {},
  cwd = process.cwd(),
): Promise<{ outputs: string[]; code: number | null; all: string }> {
  const script = ['exec 2>&1', ...blocks.map((block) => `${block.script}\nprintf '\\n%s\\n' '${marker}'`)].join('\n');
  const env = { ...environment(), ...settings, no_proxy: 'localhost' };
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd, env, stdio: ['ignore', 'pipe', 'ignore'] });
  const closed = once(shell, 'close');
  const all = await text(shell.stdout);
  await closed;
  return { outputs: all.split(`\n${marker}\n`).slice(0, -1), code: shell.exitCode, all };
}

/** The expected lines that the output lacks. Blanks do not count: the formatter puts some into JSON. */
export function missingLines(expected: string[], output: string): string[] {
  const squeeze = (line: string): string => line.replaceAll(/[ \t]/g, '');
  const escape = (part: string): string => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const found = squeeze(output);
  return expected.filter((line) => !new RegExp(squeeze(line).split('…').map(escape).join('.*')).test(found));
}
