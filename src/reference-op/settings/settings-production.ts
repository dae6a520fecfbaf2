import { SettingsError } from './settings-error.js';
import { settingName } from './settings-table.js';

/** The settings the rules look at. */
interface Checked {
  production: boolean;
  port: number;
  metricsPort?: number;
  issuer: string;
  signingKeysFile?: string;
  cookieKeys?: string[];
  cookieKeysFile?: string;
  storageKey?: string;
  storageKeyFile?: string;
  trustProxy: string;
  clientCertificateHeader?: string;
  mtlsUrl?: string;
}

/**
 * Rules between settings.
 *
 * @throws SettingsError when a secret is given twice, or certificates come from nobody who is trusted; in production, when the
 *   issuer is not https or a key is missing
 * @see draft-parecki-oauth-global-token-revocation-06 §3.1, RFC 8414 §2
 */
export function checkRules(settings: Checked): void {
  const name = (key: keyof Checked) => settingName(settings, key);
  const refuse = (message: string) => {
    throw new SettingsError(message);
  };
  if (settings.production && !settings.issuer.startsWith('https://')) {
    refuse(`${name('issuer')} must be an https URL when NODE_ENV is production`);
  }
  if (settings.metricsPort !== undefined && settings.metricsPort === settings.port) {
    refuse(`${name('metricsPort')} must not be the port of the server`);
  }
  if (settings.production && settings.signingKeysFile === undefined) {
    refuse(`${name('signingKeysFile')} must be set when NODE_ENV is production`);
  }
  if (settings.clientCertificateHeader !== undefined && settings.trustProxy === 'off') {
    refuse(`${name('clientCertificateHeader')} needs proxies that are trusted: trustProxy (GTR_TRUST_PROXY) is off`);
  }
  if (settings.mtlsUrl !== undefined && settings.clientCertificateHeader === undefined) {
    refuse(`${name('mtlsUrl')} needs ${name('clientCertificateHeader')}: the header in which certificates come`);
  }
  for (const [value, file] of [
    ['cookieKeys', 'cookieKeysFile'],
    ['storageKey', 'storageKeyFile'],
  ] as const) {
    if (settings[value] !== undefined && settings[file] !== undefined) {
      refuse(`${name(value)} and ${name(file)} must not both be set`);
    }
    if (settings.production && settings[value] === undefined && settings[file] === undefined) {
      refuse(`${name(value)} or ${name(file)} must be set when NODE_ENV is production`);
    }
  }
}
