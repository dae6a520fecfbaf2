// copy-assets.js FROM TO: copies what the compiler leaves out, the style sheets and scripts of pages.
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [from, to] = process.argv.slice(2);
for (const path of readdirSync(from, { recursive: true })) {
  if (/\.(css|js)$/.test(path) && !/^(dist|node_modules)\b/.test(path)) cpSync(join(from, path), join(to, path));
}
