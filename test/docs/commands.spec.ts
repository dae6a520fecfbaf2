import { expect, it } from 'vitest';
import { commandBlocks, missingLines, runBlocks } from './commands.js';

const page = `
\`\`\`console
$ npm start
\`\`\`
\`\`\`sh
curl() { echo "HTTP/1.1 204 No Content"; echo "Date: $1"; }
curl today
\`\`\`
prints
\`\`\`http
HTTP/1.1 204 No Content
Date: …
\`\`\`
\`\`\`sh
curl again | grep again
\`\`\`
\`\`\`ts
const curl = 1;
\`\`\`
`;

it('finds the command blocks of a page, each with the output below it', () => {
  expect(commandBlocks(page)).toMatchObject([
    { line: 5, expected: ['HTTP/1.1 204 No Content', 'Date: …'] },
    { line: 14, expected: [] },
  ]);
});

it('runs blocks in one shell and separates their output', async () => {
  const { outputs, code } = await runBlocks(commandBlocks(page));
  expect(outputs).toEqual(['HTTP/1.1 204 No Content\nDate: today\n', 'Date: again\n']);
  expect(code).toBe(0);
});

it('stops at the first failing command', async () => {
  const block = (script: string) => ({ line: 1, script, expected: [] });
  const { outputs, code } = await runBlocks([block('echo one'), block('false | cat'), block('echo three')]);
  expect(outputs).toEqual(['one\n']);
  expect(code).toBe(1);
});

it('names expected lines that are missing from the output', () => {
  expect(missingLines(['a … c', 'b.d', '{ "a": 1 }'], 'a b c\nbxd\n{"a":1}')).toEqual(['b.d']);
});
