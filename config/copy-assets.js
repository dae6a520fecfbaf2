// copy-assets.js: copies style sheets and scripts of pages, which the compiler ignores, to the dist of each package.
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
