import './cost.js';
import './throughput.js';
import './bulk.js';
import './sinks.js';
import './introspection.js';
import './providers.js';
import './start.js';
import './verification.js';
import './lists.js';
import { afterAll } from 'vitest';
import { publish } from './publish.js';

/** `npm run bench:write`: the figures go into docs/explanation/performance.md. */
afterAll(async () => {
  if (process.env.BENCH_WRITE === '1') await publish();
});
