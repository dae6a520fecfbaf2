import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { TestServer } from '../../support/server.js';
import { smallPng } from './small-png.js';

/** Ground to show below the cards. */
const MARGIN = 40;

const folder = process.env['PICTURES'];
const taken = new Map<string, Buffer>();

/** Takes a picture for the documentation when `npm run pictures` runs this test; otherwise nothing. */
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
  const { width, height } = page.viewportSize()!;
  const { y, height: tall } = (await page.locator('.columns').boundingBox())!;
  const clip = { x: 0, y: 0, width, height: Math.min(height, Math.ceil(y + tall + MARGIN)) };
  await page.mouse.move(0, 0);
  taken.set(name, await page.screenshot({ clip, animations: 'disabled', caret: 'hide' }));
}

/** Writes them when nothing is measured any more: making them small takes this process seconds. */
export async function writePictures(): Promise<void> {
  for (const [name, png] of taken) await writeFile(join(folder!, `${name}.png`), smallPng(png));
}
