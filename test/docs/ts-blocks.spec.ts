import { check } from 'prettier';
import { expect, test, vi } from 'vitest';
import style from '../../config/prettier.json' with { type: 'json' };
import { blocksOf } from './blocks.js';
import { pages as allPages, textOf } from './pages.js';
import { typeErrors } from './ts-blocks.js';

// All blocks are one program, which reads the declarations of every library they import.
vi.setConfig({ testTimeout: 240_000 });

// The blocks of the API reference are signatures, and TypeDoc writes them.
const pages = allPages.filter((page) => !page.startsWith('docs/reference/api/'));

test('TypeScript blocks of every page compile against the package', () => {
  expect(typeErrors(Object.fromEntries(pages.map((page) => [page, textOf(page)])))).toEqual([]);
});

test.each(pages)('%s: code is formatted', async (page) => {
  const blocks = blocksOf(textOf(page)).filter(({ language }) => ['ts', 'js'].includes(language));
  for (const { text, line } of blocks) {
    const isFormatted = await check(text, { ...(style as object), parser: 'typescript' });
    expect(isFormatted, `the block in line ${line}`).toBe(true);
  }
});

const planted = `
\`\`\`ts
import { GlobalRevocationModule } from 'nestjs-global-revocation';
export const good = GlobalRevocationModule;
\`\`\`
\`\`\`ts
import { RevocationModule } from 'nestjs-global-revocation';
const text: string = await Promise.resolve(1);
\`\`\`
`;

test('each compiler error of a block is reported with page and line', () => {
  expect(typeErrors({ 'docs/planted.md': planted })).toEqual([
    expect.stringMatching(/^docs\/planted.md line 7: TS\d+ .*no exported member .*RevocationModule/),
    expect.stringMatching(/^docs\/planted.md line 8: TS2322 Type 'number' is not assignable to type 'string'/),
  ]);
});
