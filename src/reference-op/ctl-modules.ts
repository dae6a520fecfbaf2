import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CommandFailure, type HostModules } from 'nestjs-global-revocation-cli';
import { CtlKeys } from './ctl-keys.module.js';
import { hostModules } from './host-modules.js';
import { generatesKeys } from './keys.js';
import { RecordCounts } from './record-counts.module.js';
import { developmentKeysFile } from './settings/settings-development-keys.js';
import { loadSettings } from './settings/settings-load.js';
import type { Settings } from './settings/settings.js';

/**
 * Returns the modules that the command line shares with the server. Servers sweep dead rows and tell relying parties; `migrate`
 * runs migrations.
 *
 * @param mayCreate whether to create a missing database and missing keys
 * @throws SettingsError; CommandFailure if something is missing and must not be created
 */
export function ctlModules(env: NodeJS.ProcessEnv, mayCreate: boolean): HostModules {
  const settings = Object.assign(loadSettings(env), { sweepIntervalMs: 0 });
  if (!mayCreate) refuseToCreate(settings);
  return [...hostModules(settings, false, 'leave'), RecordCounts, CtlKeys.forRoot(settings)];
}

/** Fails in a wrong directory, instead of creating and showing an empty database there. */
function refuseToCreate(settings: Settings): void {
  const [, database] = /^sqlite:(?!:memory:$)(.+)$/.exec(settings.databaseUrl) ?? [];
  if (database !== undefined) refuseMissing('database', database);
  if (generatesKeys(settings)) refuseMissing('keys file', developmentKeysFile(settings.dataDir));
}

function refuseMissing(what: string, path: string): void {
  if (existsSync(path)) return;
  const question = 'check the directory, or create one with `migrate`';
  throw new CommandFailure('failed', `there is no ${what} at ${resolve(path)}: ${question}`);
}
