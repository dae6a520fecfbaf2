import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failStart } from './fail-start.js';
import { generateKeys } from './op/generated-keys.js';

/**
 * Writes the keys for production to a folder, one file for each `GTR_…_FILE`. Keeps existing files.
 *
 * @throws Node's error if the folder cannot be written
 */
async function writeKeys(folder: string): Promise<void> {
  const { signing, cookies, storage } = await generateKeys();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = {
    'signing-keys.json': JSON.stringify(signing),
    'cookie-keys': cookies.join('\n'),
    'storage-key': storage,
  };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), `${text}\n`, { flag: 'wx', mode: 0o600 }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      },
    );
  }
}

await writeKeys(process.argv[2] ?? 'secrets').catch(failStart);
