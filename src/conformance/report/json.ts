import type { Requirement, RequirementGroup } from '../requirement.js';
import type { Report } from './report.js';

const row = ({ check: _check, text, ...more }: Requirement) => ({ ...more, requirement: text });

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Returns the report as JSON. */
export function jsonReport({ suite, baseUrl, server, date, results }: Report): string {
  const rows = results.map(({ requirement, ...result }) => ({ ...row(requirement), ...result }));
  return json({ suite, base_url: baseUrl, server, date, results: rows });
}

/** Returns the requirements as JSON. */
export function jsonList(groups: readonly RequirementGroup[]): string {
  return json(
    groups.flatMap(({ title: group, requirements }) =>
      requirements.map((requirement) => ({ ...row(requirement), group })),
    ),
  );
}
