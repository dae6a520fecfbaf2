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
    /(requestPath|requestQuery|lastSegment|isOurs|isAt|isStateAt|isProviderUrl|isOfPrograms|route)\((request|raw|request\.raw)\.(url|originalUrl)\)/g;
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

/** Where the wall clock is right: stored times, lifetimes of tokens, and times that people read. Ages are `performance.now()`. */
const WALL_CLOCK = [
  ...[
    'src/cli/caller-text.ts',
    'src/cli/client-text.ts',
    'src/cli/option-values.ts',
    'src/cli/rotate-secret.command.ts',
  ],
  ...['src/conformance/http.ts', 'src/conformance/jwt.ts', 'src/conformance/test-server.ts'],
  ...['src/module/audit/operator-changes.ts', 'src/module/feature-flags/typeorm-feature-flag.store.ts'],
  ...['src/module/caller/access-token/dpop-proof.ts', 'src/module/caller/assertion/assertion-check.ts'],
  ...['src/module/caller/clients/typeorm-client-registry.ts', 'src/module/database/clock.ts'],
  ...['src/module/endpoint/revocation-states.ts', 'src/module/notifications/notification-post.ts'],
  'src/module/metrics/gauge.ts',
  'src/module/startup/target-checks.ts',
  ...[
    'adoption',
    'ended-session-sweep',
    'oidc-record.adapter',
    'previous-adapter',
    'record-sweep',
    'remembered-participants',
  ].map((name) => `src/module/oidc-provider/${name}.ts`),
  ...['access-token-verifier', 'status-lists', 'token-sources', 'used-proofs'].map(
    (name) => `src/module/resource-server/${name}.ts`,
  ),
  'src/module/status-list/list-states.ts',
  ...['revocation.service', 'sweep/record-retention', 'sweep/revocation-sweep', 'sweep/sweeper'].map(
    (name) => `src/module/revocation/${name}.ts`,
  ),
  ...['pages/words', 'questions', 'shop/shop-client', 'shop/shop-sessions', 'sign-in'].map(
    (name) => `src/reference-op/demo/${name}.ts`,
  ),
  'src/reference-op/log/log-format.ts',
];

it('ages and intervals are measured with performance.now(), which nobody sets back', async () => {
  const found = await Promise.all(
    files.map(async (file) => /\bDate\.now\b|new Date\(\)/.test(await readFile(file, 'utf8'))),
  );
  expect(files.filter((_file, index) => found[index]).toSorted()).toEqual(WALL_CLOCK.toSorted());
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
