import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { typeErrors } from './ts-blocks.js';

test('TypeScript blocks of the README → compile against the package', async () => {
  expect(typeErrors(await readFile('README.md', 'utf8'))).toEqual([]);
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

test('a block that does not compile → each error with its line', () => {
  expect(typeErrors(planted)).toEqual([
    expect.stringMatching(/^line 7: TS\d+ .*no exported member .*RevocationModule/),
    expect.stringMatching(/^line 8: TS2322 Type 'number' is not assignable to type 'string'/),
  ]);
});
