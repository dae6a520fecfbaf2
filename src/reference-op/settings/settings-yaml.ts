import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isMap, parseDocument } from 'yaml';

import { SettingsError, fileErrorCode, knownNames, quote } from './settings-error.js';

/** As messages name the file that comes with the package. */
const DEFAULT_FILE = 'config/default.yaml';

/** Path of {@link DEFAULT_FILE}, from here upwards: the source and the compiled file are not equally deep. */
function defaultFile(folder = import.meta.dirname): string {
  const path = join(folder, DEFAULT_FILE);
  return existsSync(path) || dirname(folder) === folder ? path : defaultFile(dirname(folder));
}

type Members = Readonly<Record<string, unknown>>;

/** The settings a YAML file contains, by key. */
export interface YamlSettings {
  /** The file, as the user named it. */
  file: string;
  /** With the text of every scalar. */
  texts: Members;
  /** With scalars that YAML takes for numbers, booleans or null as such. */
  values: Members;
}

/**
 * Reads the YAML file, by default the one that comes with the package.
 *
 * @throws SettingsError for a file that cannot be read, is not YAML, or has a key outside `known`
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
    throw new SettingsError(`${label}: not valid YAML (an alias without its anchor)`);
  }
}
