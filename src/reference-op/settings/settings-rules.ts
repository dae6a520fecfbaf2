import { SettingsError } from './settings-error.js';
import { namesProxies } from './settings-checks.js';
import { settingName } from './settings-table.js';
import type { Settings } from './settings.js';

const IN_PRODUCTION = 'when NODE_ENV is production';

/**
 * Checks rules between settings.
 *
 * @throws SettingsError if a secret is given twice, or no proxy is trusted to pass on certificates; in production, if the
 *   issuer is not https or a key is missing
 * @see draft-parecki-oauth-global-token-revocation-06 §3.1, RFC 8414 §2
 */
export function checkRules(settings: Settings): void {
  const { production, issuer, port, metricsPort, signingKeysFile, clientCertificateHeader: header } = settings;
  const name = (key: keyof Settings) => settingName(settings, key);
  const refuseIf = (isWrong: boolean, key: keyof Settings, finding: string): void => {
    if (isWrong) throw new SettingsError(`${name(key)} ${finding}`);
  };
  refuseIf(production && !issuer.startsWith('https://'), 'issuer', `must be an https URL ${IN_PRODUCTION}`);
  refuseIf(metricsPort === port, 'metricsPort', 'must not be the port of the server');
  refuseIf(production && signingKeysFile === undefined, 'signingKeysFile', `must be set ${IN_PRODUCTION}`);
  refuseIf(
    header !== undefined && !namesProxies(settings.trustProxy),
    'clientCertificateHeader',
    'needs the addresses of the proxies that send this header, in trustProxy (GTR_TRUST_PROXY): otherwise anyone could send a certificate',
  );
  refuseIf(
    settings.mtlsUrl !== undefined && header === undefined,
    'mtlsUrl',
    `needs ${name('clientCertificateHeader')}: set it to the header that contains the certificate`,
  );
  for (const [key, file] of [
    ['cookieKeys', 'cookieKeysFile'],
    ['storageKey', 'storageKeyFile'],
  ] as const) {
    const given = [settings[key], settings[file]].filter((value) => value !== undefined).length;
    refuseIf(given === 2, key, `and ${name(file)} must not both be set`);
    refuseIf(production && given === 0, key, `or ${name(file)} must be set ${IN_PRODUCTION}`);
  }
}
