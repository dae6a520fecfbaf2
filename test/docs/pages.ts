import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the links of the README begin with: npm shows it, too, and knows no other file of the repository. */
export const REPOSITORY = 'https://github.com/nestjs-global-revocation/nestjs-global-revocation';

/** Every page of documentation, as a path from the root. */
export const pages: readonly string[] = ['README.md', ...inDocs()];

/** The README of every example. test/examples runs their commands. */
export const examplePages: readonly string[] = readdirSync('examples').map((name) =>
  join('examples', name, 'README.md'),
);

/** Further Markdown files, for contributors and users of a release. */
export const otherPages: readonly string[] = ['CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', ...examplePages];

export const textOf = (page: string): string => readFileSync(page, 'utf8');

/** The text with an empty line in the place of each line of a fenced block. */
export const withoutBlocks = (markdown: string): string =>
  markdown.replaceAll(/^```[^]*?^```$/gm, (block) => block.replaceAll(/.+/g, ''));

function inDocs(): string[] {
  const files = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'));
  return files.map((file) => join('docs', file)).toSorted();
}
