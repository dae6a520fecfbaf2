import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Settings } from './settings/settings.js';

/** What one sender may take up. Node's own limits are minutes, and no number of connections. */
export const LIMITS = {
  /** Milliseconds in which the header of a request has to arrive. */
  headersTimeout: 5000,
  /** Milliseconds in which the whole of it has to arrive. */
  requestTimeout: 10_000,
  /** Most connections at a time; more are closed at once. */
  maxConnections: 10_000,
};

/** How often Node looks whether the times have passed, in milliseconds; its default of 30 s would make them 30 s longer. */
const CHECKING_INTERVAL = 1000;

/** Fastify: it answers three times as many requests as Express does. Slow senders are cut off. */
export function httpAdapter(settings: Settings, limits = LIMITS): FastifyAdapter {
  const { headersTimeout, requestTimeout, maxConnections } = limits;
  const adapter = new FastifyAdapter({
    trustProxy: trustedProxies(settings.trustProxy),
    requestTimeout,
    http: { headersTimeout, connectionsCheckingInterval: CHECKING_INTERVAL },
  });
  adapter.getInstance().server.maxConnections = maxConnections;
  return adapter;
}

/** The setting in Fastify's terms. */
export function trustedProxies(setting: string): boolean | string | ((address: string, hop: number) => boolean) {
  if (setting === 'off' || setting === 'on') return setting === 'on';
  return /^\d+$/.test(setting) ? (_address, hop) => hop < Number(setting) : setting;
}
