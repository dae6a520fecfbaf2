// main.mjs [AREA|NAME|SHARE...] [option of Vitest...]: runs the mutants; without words those of MUTANTS, without it all.
import { parseCLI, startVitest } from 'vitest/node';

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)]);
if (filter.length > 0) process.env.MUTANTS = filter.join(',');
const vitest = await startVitest('test', [], { ...options, config: 'config/vitest.config.ts', project: 'mutants' });
await vitest.exit();
