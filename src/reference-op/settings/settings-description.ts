import { defaultSettings } from './settings-load.js';
import { Settings } from './settings.js';
import { settingsTable } from './settings-table.js';

/** A setting as people set it: environment variable and value. */
export type SettingInWords = readonly [name: string, value: string];

/**
 * The effective configuration for people, in declaration order: secrets are `set` or `not set`, the password in a
 * database URL is `***`, its query is left out.
 */
export function describeSettings(settings: object): Record<string, unknown> {
  const table = settingsTable(settings.constructor as { prototype: object });
  return Object.fromEntries(
    table.map((row) => {
      const value: unknown = settings[row.key as keyof typeof settings];
      if (value === undefined) return [row.key, 'not set'];
      if (row.secret) return [row.key, 'set'];
      return [row.key, row.key === 'databaseUrl' && typeof value === 'string' ? maskPassword(value) : value];
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
  return settingsTable(Settings).map(({ key, env }) => [
    env,
    key === 'production' ? mode(settings) : inWords(values[key]),
  ]);
}

/** Those that are not what they would be if nothing were set. */
export function settingsApart(settings: Settings): SettingInWords[] {
  const usual = new Map(settingsInWords(defaultSettings(settings))).set('PORT', String(new Settings().port));
  return settingsInWords(settings).filter(([name, value]) => usual.get(name) !== value);
}

const mode = ({ production }: Settings): string => (production ? 'production' : 'development');

function inWords(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, on]) => `${name}=${inWords(on)}`)
    .join(',');
}
