import { readFile } from 'node:fs/promises';

/** A fenced block of a Markdown file. */
export interface Block {
  language: string;
  text: string;
  /** Line on which it begins. */
  line: number;
}

/** Every fenced block, in order. */
export const blocksOf = (markdown: string): Block[] =>
  [...markdown.matchAll(/^```(\w*)[^\n]*\n([^]*?)^```$/gm)].map(({ 1: language = '', 2: text = '', index }) => ({
    language,
    text,
    line: markdown.slice(0, index).split('\n').length,
  }));

/** The blocks of the README. */
export const readmeBlocks = async (): Promise<Block[]> => blocksOf(await readFile('README.md', 'utf8'));

/** The one block of the README that has this in it. @throws Error when there is not exactly one */
export async function readmeBlock(part: string): Promise<string> {
  const [block, ...more] = (await readmeBlocks()).filter(({ text }) => text.includes(part));
  if (!block || more.length > 0) throw new Error(`${1 + more.length} blocks of the README have ${part}`);
  return block.text;
}
