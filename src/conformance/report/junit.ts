import type { Outcome, Result } from '../run.js';
import { escape } from './escape.js';
import { byGroup, countOf, type Report } from './report.js';

type Attributes = Record<string, string | number>;

function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(String(value))}"`);
  const start = `<${name}${written.join('')}`;
  return children.length === 0 ? `${start}/>` : `${start}>\n${children.join('\n')}\n</${name}>`;
}

const total = (results: readonly Result[]): Attributes => {
  const counts = countOf(results);
  return {
    tests: results.length,
    failures: counts.failed,
    errors: 0,
    skipped: counts.warning + counts['not tested'],
    time: results.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(3),
  };
};

/** JUnit has no warnings: they are skipped with a message, so that a CI server shows them and does not fail. */
const TAGS: Record<Outcome, string | undefined> = {
  passed: undefined,
  failed: 'failure',
  warning: 'skipped',
  'not tested': 'skipped',
};

function testCase({ requirement: { id, text, url }, group, outcome, detail, seconds }: Result, suite: string): string {
  const tag = TAGS[outcome];
  const message = outcome === 'warning' ? `warning: ${detail}` : detail;
  const attributes = { classname: `${suite}.${group}`, name: `${id} ${text}`, time: seconds.toFixed(3) };
  if (tag === undefined) return element('testcase', attributes);
  if (tag === 'skipped') return element('testcase', attributes, [element(tag, { message })]);
  return element('testcase', attributes, [
    element(tag, { message, type: 'requirement' }, [escape(`${text}\n${detail}\n${url}`)]),
  ]);
}

/** Returns the report as JUnit XML: a test suite for each group, a test case for each requirement. */
export function junitReport({ suite, baseUrl, server, date, results }: Report): string {
  const timestamp = date.toISOString().slice(0, 19);
  const facts = { suite: `${suite.name} ${suite.version}`, server, base_url: baseUrl };
  const properties = Object.entries(facts).map(([name, value]) => element('property', { name, value }));
  const suites = [...byGroup(results)].map(([name, own]) =>
    element('testsuite', { name, timestamp, ...total(own) }, [
      element('properties', {}, properties),
      ...own.map((result) => testCase(result, suite.name)),
    ]),
  );
  const all = element('testsuites', { name: suite.name, ...total(results) }, suites);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${all}\n`;
}
