import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Html, unsafeHtml } from './html.js';

/** A style sheet that stands in the page itself. */
export interface StyleSheet {
  /** `<style>` with exactly the text that was hashed. */
  element: Html;
  /** Source expression for `Content-Security-Policy: style-src …`, quotes included. */
  source: string;
}

/** Colours, type and buttons, which every page has. */
const BASE = ['tokens.css', 'controls.css'].map((name) => new URL(name, import.meta.url));

/**
 * Joins the base and the files of one kind of page.
 *
 * @param folder `import.meta.url` of the file beside which they are
 * @see Content Security Policy Level 3 §8.3
 */
export function styleSheet(folder: string, names: readonly string[]): StyleSheet {
  const files = [...BASE, ...names.map((name) => new URL(name, folder))];
  const text = files.map((file) => readFileSync(file, 'utf8')).join('');
  return {
    element: unsafeHtml(`<style>${text}</style>`),
    source: `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  };
}
