import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { junitReport } from '../../../src/conformance/report/junit.js';
import { NotTested } from '../../../src/conformance/outcome.js';
import { startChromium } from '../../e2e/browser/chromium.js';
import { isInstalled } from '../../support/tools.js';
import { count, sample } from './sample.js';

interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
}

/** Elements of the JUnit schema (Jenkins, Surefire): attributes, those that are required first, and children. */
const SCHEMA: Record<string, { required: string[]; optional: string[]; children: string[] }> = {
  testsuites: {
    required: [],
    optional: ['name', 'time', 'tests', 'failures', 'errors', 'skipped'],
    children: ['testsuite'],
  },
  testsuite: {
    required: ['name', 'tests'],
    optional: ['failures', 'errors', 'skipped', 'time', 'timestamp', 'hostname', 'id', 'package'],
    children: ['properties', 'testcase', 'system-out', 'system-err'],
  },
  properties: { required: [], optional: [], children: ['property'] },
  property: { required: ['name', 'value'], optional: [], children: [] },
  testcase: {
    required: ['name', 'classname'],
    optional: ['time', 'assertions', 'status'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  skipped: { required: [], optional: ['message', 'type'], children: [] },
  failure: { required: [], optional: ['message', 'type'], children: [] },
};

/** What the schema does not allow. */
function problemsOf({ name, attributes, children }: XmlElement): string[] {
  const rule = SCHEMA[name];
  if (!rule) return [`<${name}>`];
  const names = Object.keys(attributes);
  const allowed = [...rule.required, ...rule.optional];
  return [
    ...rule.required.filter((each) => !names.includes(each)).map((each) => `<${name}> without ${each}`),
    ...names.filter((each) => !allowed.includes(each)).map((each) => `<${name} ${each}>`),
    ...children.filter((child) => !rule.children.includes(child.name)).map((child) => `<${name}><${child.name}>`),
    ...children.flatMap(problemsOf),
  ];
}

const PARSE = `(text) => {
  const elementOf = (node) => ({
    name: node.nodeName,
    attributes: Object.fromEntries([...node.attributes].map(({ name, value }) => [name, value])),
    children: [...node.children].map(elementOf),
    text: node.children.length === 0 ? node.textContent : '',
  });
  return elementOf(new DOMParser().parseFromString(text, 'application/xml').documentElement);
}`;

describe.runIf(isInstalled('chromium'))('JUnit report', () => {
  let chromium: Browser;
  let parse: (xml: string) => Promise<XmlElement>;
  beforeAll(async () => {
    chromium = await startChromium();
    const page = await chromium.newPage();
    parse = (xml) => page.evaluate(`(${PARSE})(${JSON.stringify(xml)})`);
  });
  afterAll(() => chromium?.close());

  const all = (element: XmlElement, name: string): XmlElement[] =>
    element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);

  test('has only elements and attributes of the schema', async () => {
    const root = await parse(junitReport(sample));
    expect([root.name, ...problemsOf(root)]).toEqual(['testsuites']);
    for (const { children } of all(root, 'testsuite')) expect(children[0]!.name).toBe('properties');
  });

  test('counts match the test cases', async () => {
    const root = await parse(junitReport(sample));
    for (const suite of [root, ...all(root, 'testsuite')]) {
      const cases = all(suite, 'testcase');
      expect(suite.attributes).toMatchObject({
        tests: String(cases.length),
        failures: String(all(suite, 'failure').length),
        skipped: String(all(suite, 'skipped').length),
        errors: '0',
        time: (cases.length * 0.25).toFixed(3),
      });
    }
    expect(root.attributes['failures']).toBe(String(count('failed')));
    expect(root.attributes['skipped']).toBe(String(count('warning') + count('not tested')));
  });

  test('a test case names the requirement and what went wrong', async () => {
    const root = await parse(junitReport(sample));
    const named = (name: string): XmlElement =>
      all(root, 'testcase').find(({ attributes }) => attributes['name']!.startsWith(name))!;
    expect(named('draft-06 §3.1 (b)')).toMatchObject({
      attributes: { classname: 'global-token-revocation-conformance.Metadata', time: '0.250' },
      children: [{ name: 'failure', attributes: { message: 'expected status 400, got 500 (<h1>"Oops" & more</h1>)' } }],
    });
    expect(named('draft-06 §3.1 (b)').children[0]!.text.trim().split('\n')).toEqual([
      'The metadata contains global_token_revocation_endpoint',
      'expected status 400, got 500 (<h1>"Oops" & more</h1>)',
      'https://datatracker.ietf.org/doc/html/draft-parecki-oauth-global-token-revocation-06#section-3.1',
    ]);
    expect(named('draft-06 §3.2 (b)').children[0]).toMatchObject({
      name: 'skipped',
      attributes: { message: expect.stringMatching(/^warning: expected status 401, got 204/) },
    });
  });

  test('each suite has the facts as properties', async () => {
    const [properties] = all(await parse(junitReport(sample)), 'properties');
    expect(properties!.children.map(({ attributes: { name, value } }) => [name, value])).toEqual([
      ['suite', 'global-token-revocation-conformance 0.1.0'],
      ['server', 'Example <OP> 1.2 & more'],
      ['base_url', 'https://op.example.com/tenant'],
    ]);
  });

  test('control characters in an answer do not break the XML', async () => {
    const detail = new NotTested('the server says \u0000\u001b[31m\ufffe and\r\n more').message;
    const [first] = sample.results;
    const root = await parse(junitReport({ ...sample, results: [{ ...first!, outcome: 'not tested', detail }] }));
    expect(root.name).toBe('testsuites');
    expect(all(root, 'skipped')[0]!.attributes['message']).toMatch(/^the server says ��\[31m.* and/);
  });
});
