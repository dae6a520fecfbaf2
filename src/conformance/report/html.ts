import { readFileSync } from 'node:fs';
import type { Outcome, Result } from '../run.js';
import { escape } from './escape.js';
import { byGroup, countOf, countTexts, type Report, SIGNS } from './report.js';

const className = (outcome: Outcome): string => outcome.replace(' ', '-');

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

/** Returns the report as one page without scripts; radio buttons and the style sheet filter it. */
export function htmlReport({ suite, baseUrl, server, date, results }: Report): string {
  const { failed } = countOf(results);
  const facts = {
    Issuer: baseUrl,
    Server: server,
    Suite: `${suite.name} ${suite.version}`,
    Date: `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Conformance report: Global Token Revocation</title>
<style>
${readFileSync(new URL('report.css', import.meta.url), 'utf8')}</style>
</head>
<body>
<main>
<h1>Global Token Revocation: conformance report</h1>
<dl>${Object.entries(facts)
    .map(([name, value]) => `<div><dt>${name}</dt><dd>${escape(value)}</dd></div>`)
    .join('')}</dl>
<p class="verdict ${failed === 0 ? 'passed' : 'failed'}">${failed === 0 ? 'No requirement failed' : `${count(failed, 'requirement')} failed`}</p>
${filter(results)}
${[...byGroup(results)].map(([title, own]) => group(title, own)).join('\n')}
</main>
</body>
</html>
`;
}

function filter(results: readonly Result[]): string {
  const options = countTexts(results).map(([outcome, number, text]) =>
    option(className(outcome), `${SIGNS[outcome]} ${text}`, number),
  );
  return `<fieldset><legend>Show</legend>${option('all', `${results.length} all`, results.length)}${options.join('')}</fieldset>`;
}

function option(name: string, label: string, number: number): string {
  const state = name === 'all' ? ' checked' : number === 0 ? ' disabled' : '';
  return `<label class="${name}"><input type="radio" name="show" id="show-${name}"${state}>${label}</label>`;
}

function group(title: string, results: readonly Result[]): string {
  const outcomes = [...new Set(results.map(({ outcome }) => `has-${className(outcome)}`))];
  return `<section class="${outcomes.join(' ')}">
<h2>${escape(title)}</h2>
<ol>
${results.map(item).join('\n')}
</ol>
</section>`;
}

function item({ requirement: { id, url, level, text }, outcome, detail }: Result): string {
  const more = detail === '' ? '' : `<p class="detail">${outcome}: ${escape(detail)}</p>`;
  return `<li class="${className(outcome)}"><span class="sign" role="img" aria-label="${outcome}">${SIGNS[outcome]}</span>
<p>${escape(text)}</p>
<p class="source"><a href="${escape(url)}">${escape(id)}</a> ${level}</p>${more}</li>`;
}
