import type { Setting } from './setting.js';
import { type Settings, SETTINGS } from './settings.js';

/** One row of the table setting ↔ YAML key ↔ environment variable. */
export interface SettingRow extends Required<Setting<unknown>> {
  /** Property of the settings, and YAML key. */
  key: keyof Settings;
}

/** Every setting, in order of declaration. */
export const settingsTable: readonly SettingRow[] = Object.entries<Setting<unknown>>(SETTINGS as never).map(
  ([key, declared]) => ({
    key: key as keyof Settings,
    env: `GTR_${key.replace(/[A-Z]/g, '_$&').toUpperCase()}`,
    yaml: true,
    secret: false,
    ...declared,
  }),
);

const names = new WeakMap<Settings, ReadonlyMap<string, string>>();

/** Remembers by which name the user gave each setting. */
export function rememberNames(settings: Settings, given: ReadonlyMap<string, string>): void {
  names.set(settings, given);
}

/** The name by which the user gave a setting; the environment variable for one that was not given. */
export const settingName = (settings: Settings, key: keyof Settings): string =>
  names.get(settings)?.get(key) ?? settingsTable.find((row) => row.key === key)!.env;
