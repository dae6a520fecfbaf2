import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { TestServer } from '../../support/server.js';
import { smallPng } from './small-png.js';

/** Ground to show below the cards. */
const MARGIN = 40;

/** A phone shows the first screen of a page, a wider screen all of its cards. */
const PHONE = 480;

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
  const screen = page.viewportSize()!;
  await page.locator('[data-jwt]:not([data-standing=unknown])').waitFor();
  const { y, height } = (await page.locator('.jwt-api').boundingBox())!;
  if (screen.width > PHONE) await page.setViewportSize({ ...screen, height: Math.ceil(y + height + MARGIN) });
  await page.mouse.move(0, 0);
  taken.set(name, await page.screenshot({ animations: 'disabled', caret: 'hide' }));
  await page.setViewportSize(screen);
}

/** Writes them when nothing is measured any more: making them small takes this process seconds. */
export async function writePictures(): Promise<void> {
  for (const [name, png] of taken) await writeFile(join(folder!, `${name}.png`), smallPng(png));
}
