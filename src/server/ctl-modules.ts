import type { HostModules } from '../admin/host-app.js';
import { CtlKeys } from './ctl-keys.module.js';
import { hostModules } from './host-modules.js';
import { RecordCounts } from './record-counts.module.js';
import { loadSettings } from './settings-load.js';

/** What the command line shares with the server. Dead rows are left to the servers, migrations to `migrate`. @throws SettingsError */
export function ctlModules(env: NodeJS.ProcessEnv): HostModules {
  const settings = Object.assign(loadSettings(env), { sweepIntervalMs: 0 });
  return [...hostModules(settings, 'leave'), RecordCounts, CtlKeys.forRoot(settings)];
}
