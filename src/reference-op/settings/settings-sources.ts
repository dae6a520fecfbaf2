import { isCollection, isScalar, type Node } from 'yaml';

import { SettingsError, knownNames, quote } from './settings-error.js';
import type { SettingRow } from './settings-table.js';
import { readYaml } from './settings-yaml.js';

/** Names the YAML file to read instead of `config/default.yaml`; the only variable that is not a setting. */
export const CONFIG_FILE_VARIABLE = 'GTR_CONFIG_FILE';

/** A value as one source gave it. */
export interface Given {
  /** The setting as the user named it: `PORT`, or `config/default.yaml: port`. */
  name: string;
  value: unknown;
}

/** Reads what the user gave for one setting, earlier sources first. Throws SettingsError for an empty or wrong value. */
export type ReadSetting = (row: SettingRow) => Given[];

/**
 * Opens the sources: the YAML file, then the environment.
 *
 * @throws SettingsError for a file that cannot be read and for an unknown name in either source
 */
export function openSources(table: readonly SettingRow[], env: NodeJS.ProcessEnv, file?: string): ReadSetting {
  refuseUnknownVariables(table, env);
  const known = table.filter((row) => row.yaml).map((row) => row.key);
  const yaml = readYaml(file ?? configFile(env), known);
  return (row) => {
    const node = yaml.values.get(row.key);
    const variable = env[row.env];
    return [
      ...(node === undefined ? [] : [fromYaml(row, `${yaml.file}: ${row.key}`, node)]),
      ...(variable === undefined ? [] : [fromVariable(row, variable)]),
    ];
  };
}

function fromYaml(row: SettingRow, name: string, node: Node | null): Given {
  const empty =
    node === null ||
    (isScalar(node) && (node.value === null || node.value === '')) ||
    (isCollection(node) && node.items.length === 0);
  return empty ? refuseEmpty(row, name) : accept(row, name, row.kind.fromYaml(node));
}

function fromVariable(row: SettingRow, variable: string): Given {
  return variable === '' ? refuseEmpty(row, row.env) : accept(row, row.env, row.kind.fromText(variable));
}

function accept(row: SettingRow, name: string, value: unknown): Given {
  if (value === undefined) throw new SettingsError(`${name} must be ${row.allowed}`);
  const finding = row.kind.finding?.(value, name);
  if (finding !== undefined) throw new SettingsError(finding);
  return { name, value };
}

function refuseEmpty(row: SettingRow, name: string): never {
  throw new SettingsError(`${name} is empty; it must be ${row.allowed}`);
}

function refuseUnknownVariables(table: readonly SettingRow[], env: NodeJS.ProcessEnv): void {
  const known = [...table.map((row) => row.env), CONFIG_FILE_VARIABLE];
  const unknown = Object.keys(env).find((name) => /^gtr_/i.test(name) && !known.includes(name));
  if (unknown !== undefined) {
    throw new SettingsError(`unknown environment variable ${quote(unknown)}; ${knownNames(known)}`);
  }
}

function configFile(env: NodeJS.ProcessEnv): string | undefined {
  const file = env[CONFIG_FILE_VARIABLE];
  if (file === '') throw new SettingsError(`${CONFIG_FILE_VARIABLE} is empty; it must be the path of a YAML file`);
  return file;
}
