import 'reflect-metadata';
import { ExpressAdapter } from '@nestjs/platform-express';
import { trustedProxies } from '../../dist/reference-op/http.js';
import { run } from '../../dist/reference-op/run.js';

// The built server as a process of its own, on Express instead of Fastify.
await run((settings) => {
  const adapter = new ExpressAdapter();
  adapter.set('trust proxy', trustedProxies(settings.trustProxy));
  return adapter;
});
