import * as v from 'valibot';
import type { Chosen } from './setting.js';
import { SettingsError, knownNames, quote } from './settings-error.js';
import { checkRules } from './settings-rules.js';
import { rememberNames, type SettingRow, settingsTable } from './settings-table.js';
import type { Settings } from './settings.js';
import { readYaml } from './settings-yaml.js';

/** The variable that names the YAML file, instead of `config/default.yaml`; the only one that is not a setting. */
const CONFIG_FILE_VARIABLE = 'GTR_CONFIG_FILE';

/** The value of a setting in one source. */
interface Given {
  /** The setting as the user named it: `PORT`, or `config/default.yaml: port`. */
  name: string;
  isEmpty: boolean;
  written: unknown;
}

/**
 * Reads and validates the settings: defaults, then `config/default.yaml` or the file that `options.file` or
 * `GTR_CONFIG_FILE` names, then the environment. Later sources take precedence.
 *
 * @throws SettingsError for unknown names, or else for the first invalid setting in order of declaration
 */
export function loadSettings(env: NodeJS.ProcessEnv = process.env, options: { file?: string } = {}): Settings {
  const read = openSources(env, options.file);
  const names = new Map<string, string>();
  const settings = valuesOf((row, usual) =>
    read(row).reduce((earlier, given) => {
      names.set(row.key, given.name);
      const value = accept(row, given);
      return row.kind.merge ? row.kind.merge(earlier as never, value as never) : value;
    }, usual),
  );
  settings.path = settings.path.replace(/^\//, '');
  rememberNames(settings, names);
  checkRules(settings);
  return settings;
}

/** Returns the default settings for this mode and port. */
export function defaultSettings({ production, port }: Partial<Chosen> = {}): Settings {
  const chosen: Readonly<Record<string, unknown>> = { production, port };
  return valuesOf(({ key }, usual) => chosen[key] ?? usual);
}

/** Computes all settings in order, because later defaults depend on earlier settings. */
function valuesOf(valueOf: (row: SettingRow, usual: unknown) => unknown): Settings {
  const settings: Record<string, unknown> = {};
  for (const row of settingsTable) {
    const usual: unknown = isRule(row.usual) ? row.usual(settings as unknown as Chosen) : row.usual;
    const value = valueOf(row, usual);
    if (value !== undefined) settings[row.key] = value;
  }
  return settings as Settings;
}

const isRule = (usual: SettingRow['usual']): usual is (chosen: Chosen) => unknown => typeof usual === 'function';

/** @throws SettingsError */
function accept({ kind }: SettingRow, { name, isEmpty, written }: Given): unknown {
  if (isEmpty) throw new SettingsError(`${name} is empty; it must be ${kind.allowed}`);
  const { success, output, issues = [] } = v.safeParse(kind.schema, written, { abortPipeEarly: true });
  if (success) return output;
  const own = issues.find(({ type }) => type === 'raw_check')?.message;
  throw new SettingsError(name + (own ?? ` must be ${kind.allowed}`));
}

/**
 * Opens the YAML file and the environment. Returns a function that reads a setting from both, the file first.
 *
 * @throws SettingsError for an unreadable file, and for an unknown name in either source
 */
function openSources(env: NodeJS.ProcessEnv, file: string | undefined): (row: SettingRow) => Given[] {
  refuseUnknownVariables(env);
  const known = settingsTable.filter(({ yaml }) => yaml).map(({ key }) => key);
  const yaml = readYaml(file ?? configFile(env), known);
  return ({ key, env: variable, kind }) => {
    const { file: label, texts, values } = yaml;
    const written = (kind.asWritten ? texts : values)[key];
    const text = env[variable];
    return [
      ...(Object.hasOwn(texts, key) ? [{ name: `${label}: ${key}`, isEmpty: isEmptyNode(values[key]), written }] : []),
      ...(text === undefined
        ? []
        : [{ name: variable, isEmpty: text === '', written: kind.fromText ? kind.fromText(text) : text }]),
    ];
  };
}

const isEmptyNode = (written: unknown): boolean =>
  (written ?? '') === '' || (typeof written === 'object' && Object.keys(written!).length === 0);

function refuseUnknownVariables(env: NodeJS.ProcessEnv): void {
  const known = [...settingsTable.map((row) => row.env), CONFIG_FILE_VARIABLE];
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
