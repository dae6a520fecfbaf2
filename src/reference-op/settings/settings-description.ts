import { defaultSettings } from './settings-load.js';
import type { Settings } from './settings.js';
import { settingsTable } from './settings-table.js';

/** A setting as its environment variable and value. */
export type SettingInWords = readonly [name: string, value: string];

/**
 * Returns the effective settings in order of declaration. Secrets are `set` or `not set`; a database URL has `***` instead
 * of its password, and no query.
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

/** Returns all settings, as {@link describeSettings} shows them. */
export function settingsInWords(settings: Settings): SettingInWords[] {
  const values = describeSettings(settings);
  const mode = settings.production ? 'production' : 'development';
  return settingsTable.map(({ key, env }) => [env, key === 'production' ? mode : inWords(values[key])]);
}

/** Returns the settings that differ from their defaults. */
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
