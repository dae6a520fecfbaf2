// prepack.js: run by `npm pack` in a package's folder. Copies files that all packages share and makes the
// CommonJS build; `prepack.js --undo` removes both.
import { execFileSync } from 'node:child_process';
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

if (Object.values(manifest.exports ?? {}).some((target) => target.require)) {
  if (undo) rmSync('dist/commonjs', { recursive: true });
  else execFileSync(process.execPath, [`${root}/config/commonjs.js`], { stdio: 'inherit' });
}

// Packages of this repository that a package needs without depending on them: they must not share the host's versions of
// Nest and TypeORM, or are private.
for (const [name, version] of Object.entries(manifest.devDependencies ?? {})) {
  if (version !== manifest.version) continue;
  const to = `dist/node_modules/${name}`;
  if (undo) {
    rmSync(to, { recursive: true });
    continue;
  }
  const from = `${root}/node_modules/${name}`;
  const { license, type, exports, private: isPrivate } = JSON.parse(readFileSync(`${from}/package.json`, 'utf8'));
  // Nothing of what is copied imports the guard for APIs or the metrics.
  const isCode = (path) => !/\.d\.ts$|\.tsbuildinfo|\/dist\/(commonjs|metrics|resource-server)/.test(path);
  for (const folder of isPrivate ? ['dist/op', 'dist/migrations'] : ['dist']) {
    cpSync(`${from}/${folder}`, `${to}/${folder}`, { recursive: true, filter: isCode });
  }
  writeFileSync(`${to}/package.json`, `${JSON.stringify({ name, version, license, type, exports }, null, 2)}\n`);
}
