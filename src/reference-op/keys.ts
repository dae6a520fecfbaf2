import { hkdfSync } from 'node:crypto';

import { COOKIE_KEY, isCookieKey, isStorageKey, STORAGE_KEY } from './settings/settings-checks.js';
import { developmentKeys } from './settings/settings-development-keys.js';
import { SettingsError } from './settings/settings-error.js';
import { openFile } from './settings/settings-files.js';
import { checkRules } from './settings/settings-rules.js';
import { type PrivateJwks, signingKeysFinding } from './settings/signing-keys.js';
import type { Settings } from './settings/settings.js';

/** All secret keys of the server. */
export interface Keys {
  /** Private keys that sign tokens. */
  signing: PrivateJwks;
  /** Keys that sign cookies, the newest first. */
  cookies: string[];
  /** Keys of 32 bytes for data in the database: the first encrypts, all decrypt. */
  storage: Uint8Array[];
  /** 32 bytes for the keyed hashes in revocation records; derived from the first storage key. */
  audit: Uint8Array;
}

/** Returns whether missing keys are generated. */
export const generatesKeys = (settings: Settings): boolean => {
  const { production, signingKeysFile, cookieKeys, cookieKeysFile, storageKey, storageKeyFile } = settings;
  return (
    !production && [signingKeysFile, cookieKeys ?? cookieKeysFile, storageKey ?? storageKeyFile].includes(undefined)
  );
};

/**
 * Reads the keys from the settings and the files they name. Outside production, other keys come from
 * `development-keys.json` in `dataDir`, which is generated once.
 *
 * @throws SettingsError for an unreadable or invalid file, and for a missing key in production
 */
export async function loadKeys(settings: Settings): Promise<Keys> {
  checkRules(settings);
  const signing = await signingKeys(settings);
  const cookies = settings.cookieKeys ?? (await cookieKeys(settings));
  const storage = settings.storageKey === undefined ? await storageKeys(settings) : [settings.storageKey];
  if (signing && cookies && storage) return { signing, cookies, ...derived(storage) };
  const development = await developmentKeys(settings.dataDir);
  return {
    signing: signing ?? development.signing,
    cookies: cookies ?? development.cookies,
    ...derived(storage ?? [development.storage]),
  };
}

/** @see RFC 5869 §2 */
function derived(base64url: readonly string[]): Pick<Keys, 'storage' | 'audit'> {
  const storage = base64url.map((key) => new Uint8Array(Buffer.from(key, 'base64url')));
  return { storage, audit: new Uint8Array(hkdfSync('sha256', storage[0]!, '', 'gtr_revocation.identifier_hash', 32)) };
}

async function signingKeys(settings: Settings): Promise<PrivateJwks | undefined> {
  const file = await openFile(settings, 'signingKeysFile');
  if (file === undefined) return undefined;
  const jwks = parseJson(file.content);
  const finding = jwks === undefined ? 'is not valid JSON' : signingKeysFinding(jwks);
  if (finding !== undefined) throw new SettingsError(`${file.name}: ${finding}`);
  return jwks as PrivateJwks;
}

async function cookieKeys(settings: Settings): Promise<string[] | undefined> {
  const file = await openFile(settings, 'cookieKeysFile');
  const keys = file?.content.split(/\r?\n/).filter((line) => line !== '');
  if (file && (keys?.length === 0 || !keys?.every(isCookieKey))) {
    throw new SettingsError(`${file.name}: every line must be a key of at least ${COOKIE_KEY}`);
  }
  return keys;
}

async function storageKeys(settings: Settings): Promise<string[] | undefined> {
  const file = await openFile(settings, 'storageKeyFile');
  const keys = file?.content.replace(/\r?\n$/, '').split(/\r?\n/);
  if (file && !keys?.every(isStorageKey)) {
    throw new SettingsError(`${file.name}: every line must be ${STORAGE_KEY}`);
  }
  return keys;
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return undefined;
  }
}
