import type { IncomingMessage } from 'node:http';
import { isSameSecret } from 'nestjs-global-revocation/administration';
import type { Settings } from '../settings/settings.js';

/** Whether a request may read the metrics; `absent`: there are none at this port. */
export type Access = 'allowed' | 'unauthorized' | 'absent';

interface Token {
  metricsToken?: Settings['metricsToken'] | undefined;
}
interface Exposure extends Token {
  production: boolean;
  metricsPort?: Settings['metricsPort'] | undefined;
}

/** Checks access on the server's port: the token, or, if none is set, the same machine outside production. */
export function accessOnMainPort(
  { production, metricsPort, metricsToken }: Exposure,
  request: IncomingMessage,
): Access {
  if (metricsPort !== undefined) return 'absent';
  if (metricsToken !== undefined) return accessWithToken(metricsToken, request);
  return !production && isLoopback(request.socket.remoteAddress) ? 'allowed' : 'absent';
}

/** Checks access on the separate port: the token, if one is set. */
export const accessOnOwnPort = ({ metricsToken }: Token, request: IncomingMessage): Access =>
  metricsToken === undefined ? 'allowed' : accessWithToken(metricsToken, request);

function accessWithToken(token: string, { headers }: IncomingMessage): Access {
  const presented = /^Bearer +(.*)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  return isSameSecret(presented, token) ? 'allowed' : 'unauthorized';
}

const isLoopback = (address = ''): boolean => /^(::ffff:)?127\.|^::1$/.test(address);
