import 'reflect-metadata';
import { ExpressAdapter } from '@nestjs/platform-express';
import { trustedProxies } from '../../dist/server/http.js';
import { run } from '../../dist/server/run.js';

// The built server as a process of its own, on Express instead of Fastify.
await run((settings) => {
  const adapter = new ExpressAdapter();
  adapter.set('trust proxy', trustedProxies(settings.trustProxy));
  return adapter;
});
