import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { SettingsError, fileErrorCode } from './settings-error.js';
import { settingName } from './settings-table.js';

/**
 * The certificates of the file that `jwksCaFile` names; none when it is not set.
 *
 * @throws SettingsError for a file that cannot be read or holds anything else
 */
export async function loadAuthorities(settings: { jwksCaFile?: string }): Promise<string[]> {
  if (settings.jwksCaFile === undefined) return [];
  const name = settingName(settings, 'jwksCaFile');
  const content = await readFile(settings.jwksCaFile, 'utf8').catch((error: unknown) => {
    throw new SettingsError(`${name}: the file cannot be read (${fileErrorCode(error)})`);
  });
  const certificates = content.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0 || !certificates.every(isCertificate)) {
    throw new SettingsError(`${name}: the file must contain certificates in PEM`);
  }
  return certificates;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
