import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Html, unsafeHtml } from './html.js';

/** An inline style sheet. */
export interface StyleSheet {
  /** The `<style>` element with exactly the hashed text. */
  element: Html;
  /** Source expression for `Content-Security-Policy: style-src …`, quotes included. */
  source: string;
}

/** Colours, type and buttons of all pages. */
const BASE = ['tokens.css', 'controls.css'].map((name) => new URL(name, import.meta.url));

/**
 * Joins the base and the files for one kind of page.
 *
 * @param folder `import.meta.url` of a file in the same folder
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
