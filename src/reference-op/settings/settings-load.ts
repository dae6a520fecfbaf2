import { validateSync } from 'class-validator';
import { applySources } from './settings-apply.js';
import { SettingsError } from './settings-error.js';
import { checkRules } from './settings-production.js';
import { openSources } from './settings-sources.js';
import { settingName, settingsTable } from './settings-table.js';
import { Settings } from './settings.js';

/**
 * Reads and validates the settings: defaults, then `config/default.yaml` or the file that `options.file` or
 * `GTR_CONFIG_FILE` names, then the environment; later wins.
 *
 * @throws SettingsError for the first setting, in order of declaration, that is wrong; unknown names come before that
 */
export function loadSettings(env: NodeJS.ProcessEnv = process.env, options: { file?: string } = {}): Settings {
  const table = settingsTable(Settings);
  const settings = new Settings();
  const errors = applySources(settings, table, openSources(table, env, options.file));
  complete(settings);
  const invalid = new Set(validateSync(settings).map(({ property }) => property));
  for (const { key, allowed } of table) {
    const error = errors.get(key);
    if (error) throw error;
    if (invalid.has(key)) throw new SettingsError(`${settingName(settings, key)} must be ${allowed}`);
  }
  settings.path = settings.path.replace(/^\//, '');
  checkRules(settings);
  return settings;
}

/** Fills in the defaults that depend on other settings. */
function complete(settings: Settings): Settings {
  settings.issuer ??= settings.port === 80 ? 'http://localhost' : `http://localhost:${settings.port}`;
  settings.host ??= settings.production ? '0.0.0.0' : 'localhost';
  settings.docs ??= !settings.production;
  settings.log ??= settings.production ? 'json' : 'text';
  settings.shutdownNoticeMs ??= settings.production ? 2000 : 0;
  return settings;
}

/** What would be in force beside this mode and port if nothing else were set. */
export const defaultSettings = ({ production, port }: Pick<Settings, 'production' | 'port'>): Settings =>
  complete(Object.assign(new Settings(), { production, port }));
