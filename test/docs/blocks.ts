import { textOf } from './pages.js';

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

/** The one block of a page that contains a text. @throws Error if there is not exactly one */
export function blockOf(page: string, part: string): string {
  const [block, ...more] = blocksOf(textOf(page)).filter(({ text }) => text.includes(part));
  if (!block || more.length > 0) throw new Error(`${page} must have exactly one block with '${part}'`);
  return block.text;
}
