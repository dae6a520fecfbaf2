import { countOf } from './report-terminal.js';
import type { Outcome, Result } from './run.js';

const SIGNS: Record<Outcome, string> = { passed: '✓', failed: '✗', warning: '!', 'not tested': '–' };

const STYLE = `
:root { color-scheme: light dark; --ok: #1a7f37; --bad: #b3261e; --warn: #8a5a00; --dim: #63676e; --line: #d8dbe0; }
@media (prefers-color-scheme: dark) { :root { --ok: #57c46f; --bad: #ff8a80; --warn: #e3b341; --dim: #9aa0a8; --line: #3a3f46; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 0.25rem; }
p { margin: 0.25rem 0; color: var(--dim); overflow-wrap: anywhere; }
.counts { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; padding: 0; margin: 1rem 0; list-style: none; font-weight: 600; }
ol { list-style: none; padding: 0; margin: 0; }
ol > li { display: grid; grid-template-columns: 1.5rem 2rem 1fr; border-top: 1px solid var(--line); padding: 0.5rem 0; align-items: baseline; }
small { color: var(--dim); white-space: nowrap; } .detail { display: block; overflow-wrap: anywhere; }
.passed b, .counts .passed { color: var(--ok); } .failed b, .failed .detail, .counts .failed { color: var(--bad); }
.warning b, .warning .detail, .counts .warning { color: var(--warn); } .not b, .not .detail, .counts .not { color: var(--dim); }
`;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The report as one page without scripts, for people who were not there. */
export function htmlReport(baseUrl: string, results: readonly Result[], when: Date): string {
  const counts = Object.entries(countOf(results)).map(
    ([outcome, count]) =>
      `<li class="${count === 0 ? 'not' : outcome}">${SIGNS[outcome as Outcome]} ${count} ${outcome}</li>`,
  );
  const groups = [...new Set(results.map(({ group }) => group))].map((group) => {
    const items = results.filter((result) => result.group === group).map(item);
    return `<h2>${escape(group)}</h2>\n<ol>\n${items.join('\n')}\n</ol>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Global Token Revocation: conformance</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Global Token Revocation: conformance</h1>
<p>${escape(baseUrl)}, ${when.toISOString().slice(0, 16).replace('T', ' ')} UTC</p>
<ul class="counts">${counts.join('')}</ul>
${groups.join('\n')}
</body>
</html>
`;
}

function item({ clause, outcome, detail }: Result): string {
  const more = detail === '' ? '' : `<span class="detail">${outcome}: ${escape(detail)}</span>`;
  return `<li class="${outcome}"><b aria-label="${outcome}">${SIGNS[outcome]}</b><small>${clause.number}</small><span>${escape(clause.title)} <small>${escape(clause.source)}</small>${more}</span></li>`;
}
