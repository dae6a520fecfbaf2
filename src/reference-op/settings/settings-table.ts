import type { Setting } from './setting.js';
import { type Settings, SETTINGS } from './settings.js';

/** One setting with its YAML key and environment variable. */
export interface SettingRow extends Required<Setting<unknown>> {
  /** Property of the settings and YAML key. */
  key: keyof Settings;
}

/** All settings, in order of declaration. */
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

/** Remembers the name that the user used for each setting. */
export function rememberNames(settings: Settings, given: ReadonlyMap<string, string>): void {
  names.set(settings, given);
}

/** Returns the name that the user used for a setting; the environment variable if it was not set. */
export const settingName = (settings: Settings, key: keyof Settings): string =>
  names.get(settings)?.get(key) ?? settingsTable.find((row) => row.key === key)!.env;
