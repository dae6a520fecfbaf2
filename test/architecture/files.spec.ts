import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { barrels } from './levels.js';

const files = (await readdir('src', { recursive: true }))
  .filter((file) => /\.(c?ts|tsx)$/.test(file) && !/(^|\/)(dist|node_modules)\//.test(file))
  .map((file) => join('src', file));

it('no source file is longer than 250 lines', async () => {
  const lines = await Promise.all(files.map(async (file) => (await readFile(file, 'utf8')).split('\n').length - 1));
  expect(files.filter((_file, index) => lines[index]! > 250)).toEqual([]);
});

it('index.ts exists only at the entry points of packages', () => {
  expect(files.filter((file) => /(^|\/)index\.(c?ts|tsx)$/.test(file) && !barrels.includes(file))).toEqual([]);
});

it('file names are kebab case with dotted suffixes', () => {
  expect(files.filter((file) => !/^(?:[a-z0-9]+(?:-[a-z0-9]+)*[./])+(c?ts|tsx)$/.test(file))).toEqual([]);
});

it('every read goes to the primary and no cache, through onPrimary()', async () => {
  const around =
    /@InjectRepository|[dD]ataSource\.(getRepository|manager|transaction|createQueryBuilder)\b|manager \} = this\.dataSource|createQueryRunner\((?!'master')/;
  const allowed = ['src/module/database/sqlite-gate.ts'];
  const found = await Promise.all(files.map(async (file) => around.test(await readFile(file, 'utf8'))));
  expect(files.filter((file, index) => found[index] && !allowed.includes(file))).toEqual([]);
});

it('every part of the server reads request targets with requestPath() and requestQuery()', async () => {
  const readers =
    /(requestPath|requestQuery|isOurs|isAt|isProviderUrl|isOfPrograms|route)\((request|raw|request\.raw)\.(url|originalUrl)\)/g;
  const around = /\b(request|req|raw)\.(url|originalUrl)\b|\burl = ''|\boriginalUrl\b(?!: string)/;
  // Refuses a # anywhere; looks for credentials behind any ?; compares the whole URL with a DPoP proof
  const allowed = [
    'src/module/endpoint/request-head.ts',
    'src/module/caller/sent-credentials.ts',
    'src/module/resource-server/access-token-verifier.ts',
  ];
  const server = files.filter((file) => /^src\/(module|reference-op)\//.test(file) && !allowed.includes(file));
  const texts = await Promise.all(server.map((file) => readFile(file, 'utf8')));
  expect(server.filter((_file, index) => around.test(texts[index]!.replaceAll(readers, '')))).toEqual([]);
});

it('the module injects the data source that its option names, and never the default one', async () => {
  const library = files.filter((file) => file.startsWith('src/module/') && !/module(-definition)?\.ts$/.test(file));
  const found = await Promise.all(
    library.map(async (file) =>
      /InjectDataSource|getDataSourceToken|InjectEntityManager/.test(await readFile(file, 'utf8')),
    ),
  );
  expect(library.filter((_file, index) => found[index])).toEqual([]);
});

it('the data source of a manager or a query runner is read through dataSourceOf(), whatever TypeORM calls it', async () => {
  const around =
    /\b(manager|primary|transaction|[rR]unner)!?\.(dataSource|connection)\b|\{ (dataSource|connection)[^}]*\} = (manager|runner)\b/;
  const library = files.filter((file) => /^src\/(module|cli|testing)\//.test(file));
  const found = await Promise.all(library.map(async (file) => around.test(await readFile(file, 'utf8'))));
  expect(library.filter((_file, index) => found[index])).toEqual([]);
});
