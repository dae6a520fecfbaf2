import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Settings } from './settings.js';

/** Milliseconds in which the header of a request has to arrive, and the whole of it. Node's defaults are minutes. */
const HEADERS_TIMEOUT = 5000;
const REQUEST_TIMEOUT = 10_000;
/** How often Node looks whether these have passed; its default of 30 s would make them 30 s longer. */
const CHECKING_INTERVAL = 1000;
/** Most connections at a time; more are closed at once. */
const MAX_CONNECTIONS = 10_000;

/** Fastify: it answers three times as many requests as Express does. Slow senders are cut off. */
export function httpAdapter(settings: Settings): FastifyAdapter {
  const adapter = new FastifyAdapter({
    trustProxy: trustedProxies(settings.trustProxy),
    requestTimeout: REQUEST_TIMEOUT,
    http: { headersTimeout: HEADERS_TIMEOUT, connectionsCheckingInterval: CHECKING_INTERVAL },
  });
  adapter.getInstance().server.maxConnections = MAX_CONNECTIONS;
  return adapter;
}

/** The setting in Fastify's terms. */
export function trustedProxies(setting: string): boolean | string | ((address: string, hop: number) => boolean) {
  if (setting === 'off' || setting === 'on') return setting === 'on';
  return /^\d+$/.test(setting) ? (_address, hop) => hop < Number(setting) : setting;
}
