import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { TestServer } from '../support/server.js';

const folder = process.env['PICTURES'];

/** Takes a picture for the README when `npm run pictures` runs this test; otherwise nothing. */
export async function picture(page: Page, { url }: TestServer, name: string): Promise<void> {
  if (!folder) return;
  // What a newcomer sees, who does not start on a random port.
  await page.evaluate(
    ([from, to]) => {
      const { document } = globalThis as unknown as { document: { body: Tree } };
      interface Tree {
        nodeValue: string | null;
        childNodes: Iterable<Tree>;
      }
      const rename = (node: Tree): void => {
        if (node.nodeValue?.includes(from)) node.nodeValue = node.nodeValue.replaceAll(from, to);
        for (const child of node.childNodes) rename(child);
      };
      rename(document.body);
    },
    [new URL(url).host, 'localhost:3000'] as const,
  );
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
}
