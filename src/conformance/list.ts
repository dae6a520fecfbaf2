import type { Requirement, RequirementGroup } from './requirement.js';
import { SPECIFICATIONS, type SpecificationName } from './specifications.js';

const names = Object.keys(SPECIFICATIONS) as SpecificationName[];
const byId = new Intl.Collator('en', { numeric: true });

/** Returns the requirements of each specification, sorted by section. */
export function bySpecification(groups: readonly RequirementGroup[]): Array<[SpecificationName, Requirement[]]> {
  const all = groups.flatMap(({ requirements }) => requirements).toSorted((a, b) => byId.compare(a.id, b.id));
  return names
    .map((name): [SpecificationName, Requirement[]] => [name, all.filter((each) => each.specification === name)])
    .filter(([, requirements]) => requirements.length > 0);
}

/** Returns the conditions of a requirement. `caller` is omitted, because all requirements but the metadata need it. */
export function conditionsOf({ needs, feature }: Requirement): string {
  const told = needs.filter((need) => need !== 'caller');
  const parts = [
    told.length > 0 && `needs ${told.join(', ')}`,
    feature !== undefined && `optional feature: ${feature}`,
  ];
  return parts.filter((part) => part !== false).join('; ');
}

/** Returns requirements as text, by specification and section. */
export function list(groups: readonly RequirementGroup[]): string {
  const parts = bySpecification(groups).map(([name, requirements]) => {
    const { title, url } = SPECIFICATIONS[name];
    const width = Math.max(...requirements.map(({ id }) => id.length));
    const lines = requirements.flatMap((requirement) => {
      const start = `  ${requirement.id.padEnd(width)}  ${requirement.level.padEnd(6)}  `;
      const conditions = conditionsOf(requirement);
      const line = start + requirement.text;
      return conditions === '' ? [line] : [line, ' '.repeat(start.length) + conditions];
    });
    return `${name}: ${title}\n${url}\n\n${lines.join('\n')}\n`;
  });
  return parts.join('\n');
}
