// prepack.js: run by `npm pack` in a package's folder. Copies files that all packages share; `prepack.js --undo` removes them.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const root = '../..';
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const texts = [
  'LICENSE',
  ...(manifest.files.includes('CHANGELOG.md') ? ['README.md', 'CHANGELOG.md', 'SECURITY.md'] : []),
];
const undo = process.argv[2] === '--undo';

for (const file of texts) {
  if (undo) rmSync(file);
  else cpSync(`${root}/${file}`, file);
}

// Private packages are not published, so the package that needs one contains a copy.
for (const name of manifest.bundleDependencies ?? []) {
  const to = `node_modules/${name}`;
  if (undo) {
    rmSync(to, { recursive: true });
    continue;
  }
  const from = `${root}/node_modules/${name}`;
  const { version, license, type, exports } = JSON.parse(readFileSync(`${from}/package.json`, 'utf8'));
  const isCode = (path) => !/\.d\.ts$|\.tsbuildinfo/.test(path);
  for (const folder of ['op', 'migrations']) {
    cpSync(`${from}/dist/${folder}`, `${to}/dist/${folder}`, { recursive: true, filter: isCode });
  }
  writeFileSync(`${to}/package.json`, `${JSON.stringify({ name, version, license, type, exports }, null, 2)}\n`);
}
