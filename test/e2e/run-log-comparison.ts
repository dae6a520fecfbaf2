import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { describeEachServer } from '../support/databases.js';
import { startForTest } from '../support/server.js';
import { tellStory } from './run-log-story.js';

const FILE = fileURLToPath(new URL('../../docs/global-token-revocation-run-log.txt', import.meta.url));

/** Plays the story on each server and compares it with the committed file; with `--update` the file is written. */
export function describeRunLog(): void {
  describeEachServer('the run log', (database) => {
    test('the story gives the committed log', async () => {
      const server = await startForTest(database);
      await expect(await tellStory(server.url)).toMatchFileSnapshot(FILE);
    });
  });
}
