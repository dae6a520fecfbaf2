import 'reflect-metadata';
import { ExpressAdapter } from '@nestjs/platform-express';
import { trustedProxies } from '../../src/reference-op/dist/http.js';
import { run } from '../../src/reference-op/dist/run.js';

// The built server as a process of its own, on Express instead of Fastify.
await run((settings) => {
  const adapter = new ExpressAdapter();
  adapter.set('trust proxy', trustedProxies(settings.trustProxy));
  return adapter;
});
