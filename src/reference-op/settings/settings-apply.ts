import { SettingsError } from './settings-error.js';
import type { ReadSetting } from './settings-sources.js';
import { rememberOrigins, type SettingRow } from './settings-table.js';

/** Puts what the sources give over the defaults. Returns what could not be read, by key. */
export function applySources(
  settings: object,
  table: readonly SettingRow[],
  read: ReadSetting,
): ReadonlyMap<string, SettingsError> {
  const names = new Map<string, string>();
  const errors = new Map<string, SettingsError>();
  for (const row of table) {
    try {
      for (const { name, value } of read(row)) {
        const earlier: unknown = settings[row.key as keyof typeof settings];
        Object.assign(settings, { [row.key]: row.kind.merge ? row.kind.merge(earlier, value) : value });
        names.set(row.key, name);
      }
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      errors.set(row.key, error);
    }
  }
  rememberOrigins(settings, names);
  return errors;
}
