import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { REPOSITORY, textOf, withoutBlocks } from './pages.js';

/** Where files of the repository are on GitHub: as a page, or as bytes. */
const ABSOLUTE = [`${REPOSITORY}/blob/main/`, `${REPOSITORY.replace('github.com', 'raw.githubusercontent.com')}/main/`];

/** Links and pictures of a page that lead nowhere. Other sites are not asked. */
export function brokenLinks(page: string, markdown = textOf(page)): string[] {
  return linksOf(markdown).filter((link) => {
    const target = targetOf(page, link);
    return target !== undefined && !exists(target, page, markdown);
  });
}

/** Every target of a link or picture that is no other site's and not absolute. */
export const relativeLinks = (markdown: string): string[] =>
  linksOf(markdown).filter((link) => !/^(https?:|mailto:|#)/.test(link));

function linksOf(markdown: string): string[] {
  const text = withoutBlocks(markdown).replaceAll(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)|\b(?:src|href)="([^"]+)"|^\[[^\]]+\]: (\S+)$/gm)].map(
    ([, inline, attribute, reference]) => inline ?? attribute ?? reference!,
  );
}

/** Path from the root with the anchor; undefined for another site. */
function targetOf(page: string, link: string): string | undefined {
  const base = ABSOLUTE.find((each) => link.startsWith(each));
  if (base !== undefined) return link.slice(base.length);
  if (/^(https?|mailto):/.test(link)) return undefined;
  return link.startsWith('#') ? page + link : join(dirname(page), link);
}

function exists(target: string, page: string, markdown: string): boolean {
  const [path = '', anchor] = target.split('#');
  if (path === page) return anchor === undefined || anchorsOf(markdown).has(anchor);
  return existsSync(path) && (anchor === undefined || anchorsOf(textOf(path)).has(anchor));
}

const known = new Map<string, Set<string>>();

/** Anchors that GitHub gives the headings of a page, and those that the page sets. Remembered, as pages have many links. */
export function anchorsOf(markdown: string): Set<string> {
  const anchors = known.get(markdown) ?? findAnchors(markdown);
  known.set(markdown, anchors);
  return anchors;
}

function findAnchors(markdown: string): Set<string> {
  const set = [...markdown.matchAll(/<a id="([^"]+)"/g)].map(([, id]) => id!);
  const found = new Set<string>();
  for (const [, heading = ''] of withoutBlocks(markdown).matchAll(/^#{1,6} (.+)$/gm)) {
    const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = text.replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-');
    let anchor = slug;
    for (let n = 1; found.has(anchor); n += 1) anchor = `${slug}-${n}`;
    found.add(anchor);
  }
  return new Set([...found, ...set]);
}
