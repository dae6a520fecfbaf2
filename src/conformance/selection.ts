import type { Requirement, RequirementGroup } from './requirement.js';
import { UsageError } from './usage-error.js';

/** Sections to test or skip: `RFC 9493`, `RFC 9493 §3.2`, `RFC 9493 §3.2.2 (e)`. */
export interface Selection {
  only?: readonly string[];
  skip?: readonly string[];
}

/** Ignores section signs, brackets, blanks and case: `rfc9493 3.2` is `RFC 9493 §3.2`. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[\s§()]+/g, ' ')
    .trim()
    .replace(/^rfc /, 'rfc');

/** Returns whether a requirement is in a section: `§3.2` contains `§3.2.1`, but not `§3.20`. */
function isIn(section: string, { id }: Requirement): boolean {
  const [wanted, own] = [plain(section), plain(id)];
  return own.startsWith(wanted) && !/[\da-z]/.test(own.charAt(wanted.length));
}

/**
 * Returns the selected requirements, in groups.
 *
 * @throws UsageError if a section has no requirement, or if nothing is left
 */
export function select(groups: readonly RequirementGroup[], { only = [], skip = [] }: Selection): RequirementGroup[] {
  const all = groups.flatMap(({ requirements }) => requirements);
  for (const [option, sections] of Object.entries({ only, skip })) {
    const unknown = sections.find((section) => !all.some((requirement) => isIn(section, requirement)));
    if (unknown !== undefined)
      throw new UsageError(`--${option}: no requirement in '${unknown}'; --list shows all of them`);
  }
  const isSelected = (requirement: Requirement): boolean =>
    (only.length === 0 || only.some((section) => isIn(section, requirement))) &&
    !skip.some((section) => isIn(section, requirement));
  const selected = groups
    .map(({ title, requirements }) => ({ title, requirements: requirements.filter(isSelected) }))
    .filter(({ requirements }) => requirements.length > 0);
  if (selected.length === 0) throw new UsageError('--skip leaves no requirement to test');
  return selected;
}
