// Loaded before a server: at SIGUSR2 it collects garbage and says how much memory is left in use.
import { Session } from 'node:inspector/promises';

const session = new Session();
session.connect();
process.on('SIGUSR2', () => {
  void session.post('HeapProfiler.collectGarbage').then(() => {
    process.stderr.write(`MEMORY ${JSON.stringify(process.memoryUsage())}\n`);
  });
});
