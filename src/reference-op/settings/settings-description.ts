import { defaultSettings } from './settings-load.js';
import type { Settings } from './settings.js';
import { settingsTable } from './settings-table.js';

/** A setting as people set it: environment variable and value. */
export type SettingInWords = readonly [name: string, value: string];

/**
 * The effective configuration for people, in declaration order: secrets are `set` or `not set`, the password in a
 * database URL is `***`, its query is left out.
 */
export function describeSettings(settings: Settings): Record<string, unknown> {
  const described = { ...settings, databaseUrl: maskPassword(settings.databaseUrl) };
  return Object.fromEntries(
    settingsTable.map(({ key, secret }) => {
      const value = described[key];
      if (value === undefined) return [key, 'not set'];
      return [key, secret ? 'set' : value];
    }),
  );
}

function maskPassword(databaseUrl: string): string {
  if (databaseUrl.startsWith('sqlite:')) return databaseUrl;
  const url = new URL(databaseUrl);
  const user = url.username === '' ? '' : `${url.username}${url.password === '' ? '' : ':***'}@`;
  return `${url.protocol}//${user}${url.host}${url.pathname}`;
}

/** Every setting in force, {@link describeSettings}. */
export function settingsInWords(settings: Settings): SettingInWords[] {
  const values = describeSettings(settings);
  const mode = settings.production ? 'production' : 'development';
  return settingsTable.map(({ key, env }) => [env, key === 'production' ? mode : inWords(values[key])]);
}

/** Those that are not what they would be if nothing were set. */
export function settingsApart(settings: Settings): SettingInWords[] {
  const usual = new Map(settingsInWords(defaultSettings(settings))).set('PORT', String(defaultSettings().port));
  return settingsInWords(settings).filter(([name, value]) => usual.get(name) !== value);
}

function inWords(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, on]) => `${name}=${inWords(on)}`)
    .join(',');
}
