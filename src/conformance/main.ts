#!/usr/bin/env node
import { readCommandLine } from './command-line.js';
import { HELP } from './help.js';
import { list } from './list.js';
import { Mismatch, NotTested } from './outcome.js';
import { jsonList } from './report/json.js';
import { STDOUT, write } from './report/write.js';
import { groups } from './requirements/all.js';
import { select } from './selection.js';
import { suite } from './suite.js';
import { testServer } from './test-server.js';
import { UsageError } from './usage-error.js';

async function main(): Promise<number> {
  const options = readCommandLine(process.argv.slice(2), process.env);
  if (options.action === 'help') write(STDOUT, HELP);
  else if (options.action === 'version') write(STDOUT, `${suite().version}\n`);
  else {
    const selected = select(groups, options);
    if (options.action === 'test') return testServer(options, selected);
    const { json } = options.files;
    write(json ?? STDOUT, json === undefined ? list(selected) : jsonList(selected));
  }
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isKnown = [UsageError, Mismatch, NotTested].some((kind) => error instanceof kind);
  if (!isKnown) throw error;
  console.error((error as Error).message);
  process.exitCode = error instanceof UsageError ? 2 : 3;
}
