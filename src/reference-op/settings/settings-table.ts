import type { Kind } from './settings-kinds.js';

/** What is declared about one setting besides its validation. */
export interface SettingOptions<T> {
  /** How it is read. */
  kind: Kind<T>;
  /** What is allowed, for the error message: completes "must be …". */
  allowed: string;
  /**
   * Environment variable.
   *
   * @default `GTR_` and the key in UPPER_SNAKE_CASE
   */
  env?: string;
  /**
   * Whether the YAML file may contain it, under its key.
   *
   * @default true
   */
  yaml?: boolean;
  /**
   * Whether its value is never shown.
   *
   * @default false
   */
  secret?: boolean;
}

/** One row of the table setting ↔ YAML key ↔ environment variable. */
export interface SettingRow extends Required<SettingOptions<unknown>> {
  /** Property of the settings class, and YAML key. */
  key: string;
}

const tables = new WeakMap<object, SettingRow[]>();

/** Declares a property as a setting; the table keeps the order of declaration. */
export function Setting<T>(options: SettingOptions<T>) {
  return (target: object, key: string): void => {
    const row = { env: envNameOf(key), yaml: true, secret: false, ...options, key } as SettingRow;
    tables.set(target, [...(tables.get(target) ?? []), row]);
  };
}

/** Every setting a class declares, in order. */
export function settingsTable(settings: { prototype: object }): readonly SettingRow[] {
  return tables.get(settings.prototype) ?? [];
}

const envNameOf = (key: string) => `GTR_${key.replace(/[A-Z]/g, '_$&').toUpperCase()}`;

const origins = new WeakMap<object, ReadonlyMap<string, string>>();

/** Remembers by which name the user gave each setting. */
export function rememberOrigins(settings: object, names: ReadonlyMap<string, string>): void {
  origins.set(settings, names);
}

/** The name by which the user gave a setting; the environment variable for one that was not given. */
export function settingName(settings: object, key: string): string {
  const row = tables.get(Object.getPrototypeOf(settings) as object)?.find((each) => each.key === key);
  return origins.get(settings)?.get(key) ?? row?.env ?? key;
}
