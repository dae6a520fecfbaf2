import { readFile, writeFile } from 'node:fs/promises';
import { putBetween, table } from '../docs/marks.js';
import { count, plot } from './plot.js';
import { allResults, CONNECTIONS, type Results } from './results.js';

/** What one request took that ends everything of a user. */
export interface Ended {
  database: keyof typeof TITLES;
  who: string;
  /** Milliseconds for each number of credentials, and how many credentials were still accepted after. */
  byCount: Array<{ count: number; time: number; survivors: number }>;
}

const PAGE = 'docs/explanation/performance.md';
const PICTURE = 'docs/pictures/bench.svg';

const TITLES = { sqlite: 'SQLite', mariadb: 'MariaDB', postgres: 'PostgreSQL' };

/** Writes what was measured: a picture, and tables between the marks of the page. */
export async function publish(): Promise<void> {
  const results = allResults();
  const alt = 'Revocations per second against connections; the figures are in the table below.';
  const parts = [`![${alt}](../pictures/bench.svg)`, throughputTable(results), otherTable(results)];
  await writeFile(PICTURE, plot(results, TITLES));
  await writeFile(PAGE, putBetween(await readFile(PAGE, 'utf8'), 'bench', parts));
}

/** Writes the comparison with other ways between the marks of the page. */
export async function publishPeers(ended: readonly Ended[]): Promise<void> {
  const counts = ended[0]!.byCount.map(({ count }) => `${spaced(count)} credentials`);
  const rows = ended.map(({ database, who, byCount }) => [
    TITLES[database],
    who,
    ...byCount.map(({ time }) => duration(time)),
    spaced(byCount.at(-1)!.survivors),
  ]);
  const part = table(['', 'who', ...counts, 'survivors'], rows, '---:');
  await writeFile(PAGE, putBetween(await readFile(PAGE, 'utf8'), 'peers', [part]));
}

const spaced = (value: number): string => value.toLocaleString('en-US');
const duration = (ms: number): string => (ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(1)} s`);

type All = Map<keyof typeof TITLES, Results>;

const throughputTable = (results: All): string =>
  markdown(
    ['', 'connections', 'revocations/s', 'one-row commits/s', 'trivial answers/s', 'of the commits', 'of the answers'],
    [...results].flatMap(
      ([
        name,
        {
          throughput: { revocations, commits, trivial },
        },
      ]) =>
        CONNECTIONS.map((connections, i) => [
          TITLES[name],
          String(connections),
          count(revocations[i]!),
          count(commits[i]!),
          count(trivial[i]!),
          percent(revocations[i]! / commits[i]!),
          percent(revocations[i]! / trivial[i]!),
        ]),
    ),
  );

const otherTable = (results: All): string =>
  markdown(
    ['', ...[...results.keys()].map((name) => TITLES[name])],
    [
      ['introspections/s of 10,000 tokens, 64 connections', ...each(results, ({ providers }) => count(providers.ours))],
      ['the same with the adapter in memory', ...each(results, ({ providers }) => count(providers.memory))],
      ['the same with `oidc-provider-knex-adapter`', ...each(results, ({ providers }) => count(providers.knex))],
      ['SQL statements for each introspection', ...each(results, ({ providers }) => providers.statements.toFixed(2))],
      ...[10, 1_000_000].map((tokens) => [
        `revocation of a user with ${spaced(tokens)} tokens, median`,
        ...each(results, ({ cost }) => duration(cost.get(tokens)!)),
      ]),
      ['users/s revoked from a list of 20,000', ...each(results, ({ bulk }) => count(bulk.perSecond))],
      [
        'introspections/s of one token, 16 connections',
        ...each(results, ({ introspection }) => count(introspection.checked)),
      ],
      ['the same without the check', ...each(results, ({ introspection }) => count(introspection.unchecked))],
      [
        'cost of the check',
        ...each(results, ({ introspection: { slower, error } }) => `${cent(slower)} ± ${cent(error)} %`),
      ],
      ['query with the epoch', ...each(results, ({ introspection }) => us(introspection.query.joined))],
      ['query without', ...each(results, ({ introspection }) => us(introspection.query.plain))],
      ['start to ready', ...each(results, ({ start }) => `${(start.ready / 1000).toFixed(1)} s`)],
      ['idle memory', ...each(results, ({ start }) => `${count(start.memory)} MiB`)],
    ],
  );

const each = (results: All, figure: (result: Results) => string): string[] => [...results.values()].map(figure);

const cent = (part: number): string => (part * 100).toFixed(1);
const percent = (part: number): string => `${(part * 100).toFixed(0)} %`;
const us = (value: number): string => `${value.toFixed(0)} µs`;

/** The first column is a name, the others are figures. */
const markdown = (head: string[], rows: string[][]): string => table(head, rows, '---:');
