import type { HostModules } from '../admin/host-app.js';
import { hostModules } from './host-modules.js';
import { RecordCounts } from './record-counts.module.js';
import { loadSettings } from './settings-load.js';

/** What the command line shares with the server. Dead rows are left to the servers, migrations to `migrate`. @throws SettingsError */
export const ctlModules = (env: NodeJS.ProcessEnv): HostModules => [
  ...hostModules(Object.assign(loadSettings(env), { sweepIntervalMs: 0 }), 'leave'),
  RecordCounts,
];
