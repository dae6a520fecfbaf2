import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { dataSourceOptions, openDataSource } from '../../../src/reference-op/op/data-source.js';

test('only its owner can read the SQLite file that the server creates, and the files beside it', async () => {
  const directory = mkdtempSync(join(inject('tempDir'), 'file-'));
  const dataSource = await openDataSource(dataSourceOptions(`sqlite:${join(directory, 'op.sqlite')}`));
  const modes = readdirSync(directory).map((name) => [name, statSync(join(directory, name)).mode & 0o777]);
  await dataSource.destroy();
  expect(Object.fromEntries(modes)).toEqual({ 'op.sqlite': 0o600, 'op.sqlite-wal': 0o600, 'op.sqlite-shm': 0o600 });
});
