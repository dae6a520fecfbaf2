import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { coreEntities } from '../../../src/module/index.js';
import { oidcProviderEntities } from '../../../src/module/oidc-provider/entities.js';
import { isWithin } from '../../../src/module/startup/version-checks.js';
import { type Host, HostUser, startHost } from '../host.js';

interface Manifest {
  version: string;
  peerDependencies: Record<string, string>;
}

/** What `require` returns for the manifest of an installed package: Node keeps one object for all who ask. */
const manifestOf = (name: string): Manifest =>
  createRequire(import.meta.url)(resolve('node_modules', name, 'package.json')) as Manifest;

const changed = new Map<Manifest, string>();
let host: Host | undefined;
afterEach(async () => {
  await host?.app.close();
  host = undefined;
  for (const [manifest, version] of changed) manifest.version = version;
  changed.clear();
});

function installed(name: string, version: string): void {
  const manifest = manifestOf(name);
  changed.set(manifest, manifest.version);
  manifest.version = version;
}

const withAdapter = { dataSource: { entities: [HostUser, ...coreEntities, ...oidcProviderEntities] } };
const start = async (more = {}): Promise<Host> => (host = await startHost('express', more));

describe('versions outside of the peerDependencies', () => {
  test.each([
    ['typeorm', '0.3.19', /typeorm 0\.3\.19 is not supported: install \^0\.3\.20 \|\| \^1\.0\.0$/],
    ['typeorm', '2.0.0', /typeorm 2\.0\.0 is not supported: install /],
    ['@nestjs/core', '10.4.22', /@nestjs\/core 10\.4\.22 is not supported: install \^11\./],
    ['libsql', '0.6.0', /libsql 0\.6\.0 is not supported: install \^0\.5\./],
  ])('%s %s prevents startup, and the message names the versions to install', async (name, version, message) => {
    installed(name, version);
    await expect(start()).rejects.toThrow(message);
  });

  test('of oidc-provider prevent startup only beside the adapter', async () => {
    installed('oidc-provider', '8.8.1');
    await expect(start(withAdapter)).rejects.toThrow(/oidc-provider 8\.8\.1 is not supported: install \^9\./);
    await start();
  });

  test('of the driver of another database do not matter', async () => {
    for (const name of ['mysql2', 'pg']) installed(name, '1.0.0');
    await start();
  });
});

test('every range of the peerDependencies is a list of carets', () => {
  const { peerDependencies } = manifestOf('nestjs-global-revocation');
  for (const range of Object.values(peerDependencies))
    expect(range).toMatch(/^\^\d+\.\d+\.\d+( \|\| \^\d+\.\d+\.\d+)*$/);
});

test.each([
  ['11.0.1', true],
  ['11.0.0', false],
  ['11.2.10', true],
  ['12.0.0-next.3', true],
  ['12.5.1', true],
  ['13.0.0', false],
  ['10.9.9', false],
])('%s is within ^11.0.1 || ^12.0.0: %s', (version, expected) => {
  expect(isWithin(version, '^11.0.1 || ^12.0.0')).toBe(expected);
});

test.each([
  ['0.3.20', true],
  ['0.3.9', false],
  ['0.4.0', false],
])('%s is within ^0.3.20: %s', (version, expected) => {
  expect(isWithin(version, '^0.3.20')).toBe(expected);
});
