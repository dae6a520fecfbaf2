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

it('a page → its blocks of commands, each with the answer below it', () => {
  expect(commandBlocks(page)).toMatchObject([
    { line: 5, expected: ['HTTP/1.1 204 No Content', 'Date: …'] },
    { line: 14, expected: [] },
  ]);
});

it('blocks → run in one shell, outputs apart', async () => {
  const { outputs, code } = await runBlocks(commandBlocks(page));
  expect(outputs).toEqual(['HTTP/1.1 204 No Content\nDate: today\n', 'Date: again\n']);
  expect(code).toBe(0);
});

it('a command in the middle fails → the shell ends there', async () => {
  const block = (script: string) => ({ line: 1, script, expected: [] });
  const { outputs, code } = await runBlocks([block('echo one'), block('false | cat'), block('echo three')]);
  expect(outputs).toEqual(['one\n']);
  expect(code).toBe(1);
});

it('an expected line that is not in the output → named', () => {
  expect(missingLines(['a … c', 'b.d', '{ "a": 1 }'], 'a b c\nbxd\n{"a":1}')).toEqual(['b.d']);
});
