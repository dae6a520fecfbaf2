import { readFileSync } from 'node:fs';

/** `/demo/demo.js`. Without it, the page reloads itself. */
export const script = readFileSync(new URL('demo.js', import.meta.url), 'utf8');
