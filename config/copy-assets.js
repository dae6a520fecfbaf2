// copy-assets.js: copies to each package's dist what the compiler leaves out, the style sheets and scripts of pages.
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

for (const name of readdirSync('src')) {
  const folder = join('src', name);
  for (const path of readdirSync(folder, { recursive: true })) {
    if (/\.(css|js)$/.test(path) && !/^(dist|node_modules)\b/.test(path)) {
      cpSync(join(folder, path), join(folder, 'dist', path));
    }
  }
}
