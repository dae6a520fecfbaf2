import { isIPv6 } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../src/reference-op/app.js';
import { loadSettings } from '../../src/reference-op/settings/settings-load.js';

/** How a host is written in a URL. */
const inUrl = (host: string): string => new URL(`http://${isIPv6(host) ? `[${host}]` : host}`).host;

const NO_DATABASE = 'the database is not there';

/** Starts a server without a database, so that the answer is the refusal, or that the database is not there. */
const refusal = async (env: NodeJS.ProcessEnv): Promise<string> => {
  const settings = loadSettings({ DATABASE_URL: 'mariadb://nobody:nothing@127.0.0.1:9/op', ...env });
  return createApp(settings).then(
    () => 'started',
    ({ message }: Error) => (message.includes('ECONNREFUSED') ? NO_DATABASE : message),
  );
};

describe('demo data, whose passwords are published', () => {
  const others = [
    ...['0.0.0.0', '::', '::ffff:192.0.2.1', '192.168.1.2', '10.0.0.1', '128.0.0.1', '2001:db8::1'],
    ...['op', 'op.example.com', 'localhost.example.com', '127.0.0.1.example.com', 'notlocalhost'],
  ];
  const rule =
    'must be an address of this machine, such as localhost, because the passwords of the demo data are published';
  const fix = 'set NODE_ENV to production for a server without demo data';

  test.each(others)('prevent startup if the server listens on %s', async (GTR_HOST) => {
    for (const ISSUER of ['http://localhost:3000', `https://${inUrl(GTR_HOST)}`])
      expect(await refusal({ GTR_HOST, ISSUER })).toBe(`GTR_HOST ${rule}; ${fix}`);
  });

  test.each(others)('prevent startup if the issuer is at %s', async (host) => {
    for (const ISSUER of [`http://${inUrl(host)}:3000`, `https://${inUrl(host)}`])
      expect(await refusal({ ISSUER })).toBe(`ISSUER ${rule}; ${fix}`);
  });

  test.each(['localhost', 'op.localhost', '127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'])(
    'are there on %s',
    async (GTR_HOST) => {
      expect(await refusal({ GTR_HOST, ISSUER: `http://${inUrl(GTR_HOST)}:3000` })).toBe(NO_DATABASE);
    },
  );
});
