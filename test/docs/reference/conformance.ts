import { bySpecification } from '../../../src/conformance/list.js';
import type { Requirement } from '../../../src/conformance/requirement.js';
import { groups } from '../../../src/conformance/requirements/all.js';
import { SPECIFICATIONS } from '../../../src/conformance/specifications.js';
import { table } from '../marks.js';
import { GENERATED } from './options.js';

const INTRODUCTION = `[The conformance suite](../guides/conformance.md) tests these requirements; \`--list\` prints them, and \`--only\` and
\`--skip\` select them by section. A server that does not meet a MUST fails. For a SHOULD, it gets a warning. A MAY is not tested if the
server does not offer it. A server without an optional feature conforms: the requirements of that feature are not tested.

The column "needs" says what you must tell the suite: an option, or a member of [\`--config\`](../guides/conformance.md#more-callers).`;

const code = (text: string): string => `\`${text}\``;

function rowOf({ id, url, level, text, needs, feature }: Requirement): string[] {
  return [`[${id}](${url})`, level, text.replaceAll('|', String.raw`\|`), needs.map(code).join(', '), feature ?? ''];
}

/** The page on every requirement of the conformance suite. */
export function conformancePage(): string {
  const sections = bySpecification(groups).map(([name, requirements]) => {
    const { title, url } = SPECIFICATIONS[name];
    const rows = requirements.map(rowOf);
    const head = ['section', 'level', 'requirement', 'needs', 'optional feature'];
    return `## ${name}\n\n[${title}](${url})\n\n${table(head, rows)}`;
  });
  const parts = ['# Conformance requirements', GENERATED, INTRODUCTION, ...sections];
  return `${parts.join('\n\n')}\n`;
}
