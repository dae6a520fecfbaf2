import * as v from 'valibot';
import { flag, type Members, oneOf } from './schema.js';

/** Startup checks. @publicApi */
export interface StartupOptions {
  /**
   * What happens if a startup check finds an error, such as a missing table or a database that can lose committed
   * transactions: the application does not start, it starts with a warning, or nothing is checked. Invalid options always
   * prevent startup.
   *
   * @default 'refuse'
   */
  startChecks?: 'refuse' | 'warn' | 'off';
  /**
   * Whether this is production. In production, a database that can lose committed transactions, or a cluster that reads stale data, is
   * an error, otherwise a warning. Outside production, notifications and events can also be sent over `http` to loopback addresses of
   * allowed hosts.
   *
   * @default whether `NODE_ENV` is `production`
   */
  production?: boolean;
}

/** Returns whether the environment is production. */
export const isProduction = (): boolean => process.env['NODE_ENV'] === 'production';

/** Returns the file of the authorities that the environment adds to Node's own; undefined if there is none. */
export const extraAuthoritiesFile = (): string | undefined => process.env['NODE_EXTRA_CA_CERTS'];

export const startupOptions = {
  startChecks: v.optional(oneOf('refuse', 'warn', 'off'), 'refuse'),
  production: v.optional(flag, isProduction),
} satisfies Members<StartupOptions>;
