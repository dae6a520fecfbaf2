import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isMap, isScalar, parseDocument, type Node } from 'yaml';

import { SettingsError, fileErrorCode, knownNames, quote } from './settings-error.js';

/** As messages name the file that comes with the package. */
const DEFAULT_FILE = 'config/default.yaml';

/** Path of {@link DEFAULT_FILE}, from here upwards: the source and the compiled file are not equally deep. */
function defaultFile(folder = import.meta.dirname): string {
  const path = join(folder, DEFAULT_FILE);
  return existsSync(path) || dirname(folder) === folder ? path : defaultFile(dirname(folder));
}

/** The settings a YAML file contains. */
export interface YamlSettings {
  /** The file, as the user named it. */
  file: string;
  /** Key → value; `null` where the value is missing. */
  values: ReadonlyMap<string, Node | null>;
}

/**
 * Reads the YAML file, by default the one that comes with the package.
 *
 * @throws SettingsError for a file that cannot be read, is not YAML, or has a key outside `known`
 */
export function readYaml(file: string | undefined, known: readonly string[]): YamlSettings {
  const label = file ?? DEFAULT_FILE;
  const values = new Map<string, Node | null>();
  for (const { key, value } of parse(label, read(file ?? defaultFile(), label))) {
    const name = isScalar(key) ? String(key.value) : 'a key that is not a name';
    if (!known.includes(name)) {
      throw new SettingsError(`${label}: unknown setting ${quote(name)}; ${knownNames(known)}`);
    }
    values.set(name, value);
  }
  return { file: label, values };
}

function read(path: string, label: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SettingsError(`${label}: the file cannot be read (${fileErrorCode(error)})`);
  }
}

function parse(label: string, content: string) {
  const document = parseDocument<Node>(content);
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) {
    const { line, col } = problem.linePos?.[0] ?? { line: 1, col: 1 };
    throw new SettingsError(`${label}: not valid YAML at line ${line}, column ${col} (${problem.code})`);
  }
  if (document.contents === null) return [];
  if (!isMap<Node, Node | null>(document.contents)) {
    throw new SettingsError(`${label}: the file must contain settings in the form "name: value"`);
  }
  return document.contents.items;
}
