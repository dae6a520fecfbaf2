import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SettingsError, fileErrorCode, quote } from './settings-error.js';
import { settingName } from './settings-table.js';
import type { Settings } from './settings.js';

type FileSetting = 'signingKeysFile' | 'cookieKeysFile' | 'storageKeyFile' | 'jwksCaFile';

/**
 * Reads the file that a setting names, with its name for messages; undefined if the setting is not set.
 *
 * @throws SettingsError if the file cannot be read
 */
export async function openFile(
  settings: Settings,
  key: FileSetting,
): Promise<{ name: string; content: string } | undefined> {
  const path = settings[key];
  if (path === undefined) return undefined;
  const name = `${settingName(settings, key)}: file ${quote(path)}`;
  try {
    return { name, content: await readFile(path, 'utf8') };
  } catch (error) {
    throw new SettingsError(`${name} cannot be read (${fileErrorCode(error)})`);
  }
}

/**
 * Reads the certificates from the file that `jwksCaFile` names; none if it is not set.
 *
 * @throws SettingsError if the file cannot be read or contains anything else
 */
export async function loadAuthorities(settings: Settings): Promise<string[]> {
  const file = await openFile(settings, 'jwksCaFile');
  if (file === undefined) return [];
  const certificates = file.content.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length > 0 && certificates.every(isCertificate)) return certificates;
  throw new SettingsError(`${file.name}: must contain certificates in PEM`);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
