// main.mjs [--seconds N] [--seed N] [--path PATH]: sends generated requests for so long; the seed and the path of a failure repeat it.
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

const text = { type: 'string' };
const { values } = parseArgs({ options: { seconds: text, seed: text, path: text } });
for (const [name, value] of Object.entries(values)) process.env[`FUZZ_${name.toUpperCase()}`] = value;
process.env.TEST_DATABASES = 'sqlite';
process.env.TEST_BUILD = 'off';
const vitest = await startVitest('test', [], { run: true, config: 'config/vitest.config.ts', project: 'fuzz' });
await vitest.exit();
