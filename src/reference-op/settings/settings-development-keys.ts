import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';

import { type GeneratedKeys, generateKeys } from '../op/generated-keys.js';
import { isCookieKey, isStorageKey } from './settings-checks.js';
import { SettingsError, fileErrorCode, quote } from './settings-error.js';
import { signingKeys } from './signing-keys.js';

const developmentKeysSchema = v.object({
  signing: signingKeys,
  cookies: v.pipe(v.array(v.pipe(v.string(), v.check(isCookieKey))), v.nonEmpty()),
  storage: v.pipe(v.string(), v.check(isStorageKey)),
});

/** Returns the path of the generated keys. */
export const developmentKeysFile = (dataDir: string): string => join(dataDir, 'development-keys.json');

/**
 * Returns the keys in `development-keys.json`, and generates them at the first call. The file appears complete or not at
 * all; if servers start together, the first to link its file into place wins. An existing file is never changed.
 *
 * @throws SettingsError if the file cannot be read or written, or is damaged
 */
export async function developmentKeys(dataDir: string): Promise<GeneratedKeys> {
  const file = developmentKeysFile(dataDir);
  const kept = await readKept(file);
  if (kept) return kept;
  await writeOnce(dataDir, file, JSON.stringify(await generateKeys(), null, 2));
  const agreed = await readKept(file);
  if (!agreed) throw new SettingsError(`keys file ${quote(file)}: was removed during startup; start again`);
  return agreed;
}

async function readKept(file: string): Promise<GeneratedKeys | undefined> {
  const content = await readFile(file, 'utf8').catch((error: unknown) => {
    if (fileErrorCode(error) === 'ENOENT') return undefined;
    throw new SettingsError(`keys file ${quote(file)}: cannot be read (${fileErrorCode(error)})`);
  });
  if (content === undefined) return undefined;
  try {
    const keys: unknown = JSON.parse(content);
    if (v.is(developmentKeysSchema, keys)) return keys as GeneratedKeys;
  } catch {
    // not JSON: same message
  }
  throw new SettingsError(`keys file ${quote(file)}: is damaged; restore it, or remove it to generate new keys`);
}

async function writeOnce(directory: string, file: string, content: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await mkdir(directory, { recursive: true });
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(`${content}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(draft, file);
  } catch (error) {
    if (fileErrorCode(error) === 'EEXIST') return;
    throw new SettingsError(`keys file ${quote(file)}: cannot be written (${fileErrorCode(error)})`);
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}
