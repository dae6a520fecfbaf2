import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { isInstalled } from '../../support/tools.js';

/** Values by series, as promtool writes them; one sample a minute. */
type Series = Record<string, string>;

/** What an alert is tried with. */
interface Trial {
  alert: string;
  title: string;
  /** Labels of the alert that fires beside its severity; undefined: it does not. */
  fires?: Record<string, string>;
  series: Series;
}
interface Rule {
  alert: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

const FILE = resolve('docs/prometheus-alerts.yaml');
const { groups } = parse(await readFile(FILE, 'utf8')) as { groups: Array<{ rules: Rule[] }> };
const rules = groups.flatMap((group) => group.rules);
/** When it is looked whether an alert fires: later than any of them waits. */
const AT = '40m';

const request = (result: string): string => `gtr_requests_total{result="${result}",method="none",format="none"}`;
const bucket = (le: string): string => `gtr_request_duration_seconds_bucket{outcome="success",le="${le}"}`;
const used = (kind: string): string => `gtr_revoked_credential_uses_total{kind="${kind}"}`;
const revoked = (method: string): string => `gtr_revocations_total{method="${method}"}`;
const node = (instance: string): string => `gtr_database_under_way{job="op",instance="${instance}"}`;
const told = (outcome: string): string => `gtr_notification_attempts_total{sink="a",outcome="${outcome}"}`;
const scraped = { gtr_database_under_way: '0x60' };

const trials: Trial[] = [
  ...cases('GlobalRevocationUnavailable', {
    'again and again': [{ [request('unavailable')]: '0+1x60' }, {}],
    'long ago': [{ [request('unavailable')]: '0+1x5 6x55', [request('revoked')]: '0+60x60' }],
  }),
  ...cases('GlobalRevocationSlow', {
    'one in fifty takes two seconds': [
      { [bucket('1')]: '0+49x60', [bucket('2.5')]: '0+50x60', [bucket('+Inf')]: '0+50x60' },
      {},
    ],
    'one in a thousand does': [
      { [bucket('1')]: '0+999x60', [bucket('2.5')]: '0+1000x60', [bucket('+Inf')]: '0+1000x60' },
    ],
  }),
  ...cases('GlobalRevocationCredentialsRefused', {
    'one a second, for several reasons': [
      {
        [request('invalidClient')]: '0+10x60',
        [request('clientDisabled')]: '0+10x60',
        [request('assertionExpired')]: '0+20x60',
        [request('tooManyFailures')]: '0+20x60',
      },
      {},
    ],
    'one in three seconds': [{ [request('invalidClient')]: '0+20x60', [request('unknownSubject')]: '0+600x60' }],
  }),
  ...cases('GlobalRevocationMass', {
    '600 in ten minutes, of two callers': [{ [revoked('Bearer')]: '0+30x60', [revoked('in_process')]: '0+30x60' }, {}],
    '400 in ten minutes': [{ [revoked('Bearer')]: '0+40x60' }],
  }),
  ...cases('GlobalRevocationRevokedTokensUsed', {
    'one token every five seconds, until it is swept after half a minute': [
      { [used('RefreshToken')]: '0x37 6x22', [used('AccessToken')]: '0x37 5x22' },
      { kind: 'RefreshToken' },
    ],
    'ten minutes ago': [{ [used('RefreshToken')]: '0x28 60x31', [used('AccessToken')]: '0x59' }],
    'sessions of browsers, which ask often': [{ [used('Session')]: '0+600x60' }],
  }),
  ...cases('GlobalRevocationSweepStuck', {
    'for more than an hour, at one of two nodes': [
      { 'gtr_sweep_oldest_age_seconds{n="1"}': '4000x60', 'gtr_sweep_oldest_age_seconds{n="2"}': '0x60' },
      {},
    ],
    'for less': [{ gtr_sweep_oldest_age_seconds: '3000x60' }],
  }),
  ...cases('GlobalRevocationRecipientNotTold', {
    'one was given up': [{ [told('dead')]: '0x30 1x30' }, { sink: 'a' }],
    'attempts fail, and one was given up long ago': [{ [told('failed')]: '0+1x60', [told('dead')]: '1x60' }],
  }),
  ...cases('GlobalRevocationNotificationsLate', {
    'for more than six hours': [
      {
        'gtr_notification_oldest_age_seconds{n="1"}': '22000x60',
        'gtr_notification_oldest_age_seconds{n="2"}': '0x60',
      },
      {},
    ],
    'one recipient is down, for three hours': [{ gtr_notification_oldest_age_seconds: '11000x60' }],
  }),
  ...cases('GlobalRevocationDatabaseSaturated', {
    'requests wait for a connection': [{ gtr_database_connections_awaited: '3x60' }, {}],
    'requests are refused': [{ gtr_database_connections_awaited: '0x60', gtr_database_refused_total: '0+1x60' }, {}],
    'neither, any more': [{ gtr_database_connections_awaited: '9x20 0x40', gtr_database_refused_total: '7x60' }],
  }),
  ...cases('GlobalRevocationNotScraped', {
    'nothing is known': [{ other: '0x60' }, {}],
    'a node is': [scraped],
  }),
  ...cases('GlobalRevocationNodeNotScraped', {
    'one of two is gone': [
      { [node('a')]: '0x60', [node('b')]: '0x20' },
      { job: 'op', instance: 'b' },
    ],
    'both are there': [{ [node('a')]: '0x60', [node('b')]: '0x60' }],
  }),
];

function cases(alert: string, each: Record<string, [series: Series, fires?: Record<string, string>]>): Trial[] {
  return Object.entries(each).map(([title, [series, fires]]) => ({ alert, title, series, ...(fires && { fires }) }));
}

/** A trial as promtool has it. */
function unitTest({ alert, title, fires, series }: Trial): object {
  const { labels, annotations } = rules.find((rule) => rule.alert === alert)!;
  const filled = JSON.stringify(annotations).replaceAll(
    /\{\{ \$labels\.(\w+) \}\}/g,
    (_, label: string) => fires?.[label] ?? '',
  );
  const alerts = fires ? [{ exp_labels: { ...labels, ...fires }, exp_annotations: JSON.parse(filled) as object }] : [];
  return {
    name: `${alert}: ${title}`,
    interval: '1m',
    input_series: Object.entries({ ...series }).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: [{ eval_time: AT, alertname: alert, exp_alerts: alerts }],
  };
}

test('every alert has a test for firing and a test for staying silent', () => {
  for (const fires of [true, false]) {
    const tried = trials.filter((trial) => (trial.fires !== undefined) === fires);
    expect(new Set(tried.map(({ alert }) => alert))).toEqual(new Set(rules.map(({ alert }) => alert)));
  }
});

describe.runIf(isInstalled('promtool'))('the alert rules, with Prometheus’ own promtool', () => {
  const run = (...args: string[]): Promise<{ stdout: string }> => promisify(execFile)('promtool', args);

  test('the rules are valid', async () => {
    expect((await run('check', 'rules', FILE)).stdout).toContain(`SUCCESS: ${rules.length} rules found`);
  });

  test('each rule fires for its problem and stays silent otherwise', async () => {
    const file = join(await mkdtemp(join(inject('tempDir'), 'alerts-')), 'test.yaml');
    const suite = { rule_files: [FILE], evaluation_interval: '1m', tests: trials.map(unitTest) };
    await writeFile(file, stringify(suite));
    expect((await run('test', 'rules', file)).stdout).toContain('SUCCESS');
  });
});
