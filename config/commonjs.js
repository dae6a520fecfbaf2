// commonjs.js: run in a package's folder. Makes the files that its `require` conditions name, from the compiled modules.
// Node never loads them: it supports `require` of a module, and `module-sync` comes first. Jest, bundlers and loaders that do
// not know this condition do.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import { rolldown } from 'rolldown';

const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const pairs = Object.values(exports).filter((target) => target.require);
const FOLDER = 'dist/commonjs';
const nameOf = (path) => path.slice(`./${FOLDER}/`.length, -'.cjs'.length);

const bundle = await rolldown({
  input: Object.fromEntries(pairs.map((target) => [nameOf(target.require), target.default])),
  platform: 'node',
  tsconfig: false,
  // jose is the only dependency that is not available as CommonJS, so this build contains it.
  external: (id, from = '') => !/^(\.|\/|jose$)/.test(id) && !from.includes('/node_modules/jose/'),
  transform: { define: { 'import.meta.url': '__filename' } },
});
await bundle.write({
  dir: FOLDER,
  format: 'cjs',
  entryFileNames: '[name].bundle.cjs',
  chunkFileNames: '[name].cjs',
  comments: false,
});
await bundle.close();

// What `require` finds: the same modules as `import` where it can load them, so that a process has one set of injection tokens and
// one epoch context. Jest cannot.
for (const { require: entry, default: modules } of pairs) {
  const path = relative(dirname(entry), modules);
  writeFileSync(
    entry,
    `try {
  module.exports = require('${path}');
} catch (error) {
  if (error.code !== 'ERR_REQUIRE_ESM' && error.name !== 'SyntaxError') throw error;
  module.exports = require('./${basename(entry, '.cjs')}.bundle.cjs');
}
`,
  );
}
cpSync('../../node_modules/jose/LICENSE.md', `${FOLDER}/jose/LICENSE.md`);
