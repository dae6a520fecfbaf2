import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { loadAuthorities } from '../../../src/reference-op/settings/settings-files.js';
import { loadSettings } from '../../../src/reference-op/settings/settings-load.js';
import { authority } from '../../support/certificates.js';

async function settingsWith(content: string | undefined) {
  const file = join(await mkdtemp(join(inject('tempDir'), 'authorities-')), 'ca.pem');
  if (content !== undefined) await writeFile(file, content);
  return loadSettings({ GTR_JWKS_CA_FILE: file });
}

test('returns no authorities without a file', async () => {
  expect(await loadAuthorities(loadSettings({}))).toEqual([]);
});

test('reads two authorities and ignores text between them', async () => {
  const [a, b] = [(await authority()).certificate.trim(), (await authority()).certificate.trim()];
  expect(await loadAuthorities(await settingsWith(`# first\n${a}\n# second\n${b}\n`))).toEqual([a, b]);
});

test.each([
  ['a missing file', undefined, ' cannot be read (ENOENT)'],
  ['an empty file', '', ': must contain certificates in PEM'],
  [
    'a broken certificate',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
    ': must contain certificates in PEM',
  ],
])('reports %s with the setting and the file', async (_title, content, finding) => {
  const settings = await settingsWith(content);
  const file = `file "${settings.jwksCaFile}"`;
  await expect(loadAuthorities(settings)).rejects.toThrow(`GTR_JWKS_CA_FILE: ${file}${finding}`);
});
