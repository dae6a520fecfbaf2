import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isMap, parseDocument } from 'yaml';

import { SettingsError, fileErrorCode, knownNames, quote } from './settings-error.js';

/** The name of the packaged file in messages. */
const DEFAULT_FILE = 'config/default.yaml';

/** Finds {@link DEFAULT_FILE} in a parent folder, because source and compiled files differ in depth. */
function defaultFile(folder = import.meta.dirname): string {
  const path = join(folder, DEFAULT_FILE);
  return existsSync(path) || dirname(folder) === folder ? path : defaultFile(dirname(folder));
}

type Members = Readonly<Record<string, unknown>>;

/** The settings in a YAML file, by key. */
export interface YamlSettings {
  /** The file, as the user named it. */
  file: string;
  /** Values with scalars as text. */
  texts: Members;
  /** Values with scalars as numbers, booleans or null, as YAML reads them. */
  values: Members;
}

/**
 * Reads the YAML file, by default the packaged one.
 *
 * @throws SettingsError for an unreadable file, invalid YAML, or a key that is not in `known`
 */
export function readYaml(path: string | undefined, known: readonly string[]): YamlSettings {
  const file = path ?? DEFAULT_FILE;
  const content = read(path ?? defaultFile(), file);
  const texts = parse(file, content, 'failsafe');
  const unknown = Object.keys(texts).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new SettingsError(`${file}: unknown setting ${quote(unknown)}; ${knownNames(known)}`);
  }
  return { file, texts, values: parse(file, content, 'core') };
}

function read(path: string, label: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SettingsError(`${label}: the file cannot be read (${fileErrorCode(error)})`);
  }
}

function parse(label: string, content: string, schema: 'core' | 'failsafe'): Members {
  const document = parseDocument(content, { schema });
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 };
    throw new SettingsError(`${label}: not valid YAML at line ${line}, column ${col} (${error.code})`);
  }
  if (document.contents === null) return {};
  if (!isMap(document.contents)) {
    throw new SettingsError(`${label}: the file must contain settings in the form "name: value"`);
  }
  try {
    return document.toJS() as Members;
  } catch {
    throw new SettingsError(`${label}: not valid YAML (an alias without an anchor)`);
  }
}
