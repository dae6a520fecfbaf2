import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { refusals } from '../../../src/module/revocation.errors.js';
import { describeEachDatabase } from '../../support/databases.js';
import { serverFixture } from '../../support/server.js';
import { isInstalled } from '../../support/tools.js';
import { Exposition } from './exposition.js';

interface Dashboard {
  panels: Array<{ title: string; targets: Array<{ expr: string }> }>;
}
interface Alerts {
  groups: Array<{ rules: Array<{ alert: string; expr: string }> }>;
}

const dashboard = JSON.parse(await readFile('docs/grafana-dashboard.json', 'utf8')) as Dashboard;
const alerts = parse(await readFile('docs/prometheus-alerts.yaml', 'utf8')) as Alerts;
const page = await readFile('docs/operations/monitoring.md', 'utf8');

const queries = [
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [`panel ${title}`, expr] as const)),
  ...alerts.groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => [`alert ${alert}`, expr] as const)),
];
/** Only a server with a pool has these. */
const ofThePool = /^gtr_database_connections/;

describeEachDatabase('metrics in the documentation', (database) => {
  let exposed: Exposition;
  const server = serverFixture(database);
  beforeAll(async () => {
    exposed = await Exposition.of(`${server.url}/metrics`);
  });

  test.each(queries)('%s uses existing metrics: %s', (_title, expr) => {
    const asked = expr.match(/\b(?:gtr|process|nodejs)_\w+/g) ?? [];
    expect(asked.length).toBeGreaterThan(0);
    const isMissing = (name: string) =>
      !exposed.names.has(name) && !(database.name === 'sqlite' && ofThePool.test(name));
    expect(asked.filter(isMissing)).toEqual([]);
  });

  test('the table of the monitoring page names exactly the metrics of the module', () => {
    const named = [...page.matchAll(/^\| `(gtr_\w+)`/gm)].map(([, name = '']) => name).sort();
    const ours = [...exposed.names].filter((name) => name.startsWith('gtr_') && !/_(bucket|sum|count)$/.test(name));
    const withoutPool = (name: string) => database.name !== 'sqlite' || !ofThePool.test(name);
    expect(named.filter(withoutPool)).toEqual(ours.sort());
  });

  test.runIf(isInstalled('promtool'))(
    'Prometheus’ own promtool accepts all metrics and has no complaint about ours',
    () => {
      const { stdout, stderr, error } = spawnSync('promtool', ['check', 'metrics'], {
        input: exposed.text,
        encoding: 'utf8',
      });
      const said = `${error?.message ?? ''}${stdout}${stderr}`.split('\n').filter((line) => line !== '');
      expect(said.filter((line) => !/^(nodejs|process)_\w+ /.test(line))).toEqual([]);
    },
  );
});

test('results selected by queries exist', () => {
  const reasons = ['revoked', 'clientDisabled', ...refusals().map(({ reason }) => reason)];
  const selected = queries.flatMap(([, expr]) =>
    [...expr.matchAll(/result=~?"([^"]+)"/g)].flatMap(([, value]) => value!.split('|')),
  );
  expect(selected.length).toBeGreaterThan(0);
  expect(selected.filter((each) => !reasons.some((reason) => new RegExp(`^${each}$`).test(reason)))).toEqual([]);
});
