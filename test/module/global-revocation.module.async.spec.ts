import { Injectable, Module } from '@nestjs/common';
import { afterEach, expect, test } from 'vitest';
import { type GlobalRevocationOptions, RevocationMetadata } from '../../src/module/index.js';
import { send } from './endpoint/send.js';
import { basic } from '../support/operator.js';
import { type Host, type HostOptions, HostUser, operator, registerCallers, startHost } from './host.js';

/** Settings of the host, which make the options. */
@Injectable()
class Settings {
  static made = 0;

  constructor() {
    Settings.made += 1;
  }

  create(): GlobalRevocationOptions {
    const users = { entity: HostUser, subject: 'id', attributes: { uid: 'login' } } as const;
    return { issuer: 'https://settings.example', users, sweepIntervalMs: 0 };
  }
}

@Module({ providers: [Settings], exports: [Settings] })
class SettingsModule {}

const imports = [SettingsModule];

const ways: Array<[string, HostOptions]> = [
  [
    'useFactory',
    {
      async: { useFactory: async (settings: Settings) => settings.create(), inject: [Settings] },
      extras: { imports },
    },
  ],
  ['useClass', { async: { useClass: Settings } }],
  ['useExisting', { async: { useExisting: Settings }, extras: { imports } }],
];

let host: Host;
afterEach(() => host.app.close());

test.each(ways)('forRootAsync with %s applies its options and its extras', async (_way, options) => {
  Settings.made = 0;
  host = await startHost('express', { ...options, extras: { ...options.extras, path: 'sign-out' } });
  expect(Settings.made).toBe(1);
  await registerCallers(host);
  const headers = { 'content-type': 'application/json', authorization: basic(operator.id, operator.secret) };
  const answer = await send(`${host.url}/sign-out`, { headers, body: '{"sub_id":{"format":"uid","id":"ann"}}' });
  expect(answer.status).toBe(204);
  expect(await host.app.get(RevocationMetadata).claims()).toMatchObject({
    global_token_revocation_endpoint: 'https://settings.example/sign-out',
  });
});
