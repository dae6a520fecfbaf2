import { settingsTable } from './settings-table.js';

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
