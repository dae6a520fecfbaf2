import { type Need, withoutImplied } from './needs.js';
import { type SpecificationName, urlOf } from './specifications.js';
import type { Target } from './target.js';

/** Level of a requirement. @see RFC 2119 §1, §3, §5 */
export type Level = 'MUST' | 'SHOULD' | 'MAY';

/** What a requirement needs from the tester or the server. */
interface Conditions {
  needs?: readonly Need[];
  /** Optional feature of the requirement. A server without it also conforms. */
  feature?: string;
}

/** A requirement of a specification, and its test. */
export interface Requirement {
  /** Stable name, such as `draft-06 §3.4.2 (a)`. */
  id: string;
  specification: SpecificationName;
  section: string;
  /** Address of the section. */
  url: string;
  level: Level;
  /** The requirement in plain words. */
  text: string;
  needs: readonly Need[];
  feature?: string;
  /** @throws Mismatch if the server does not meet the requirement, NotTested if this cannot be observed */
  readonly check: (target: Target) => Promise<void>;
}

/** Requirements about one subject, which are tested and reported together. */
export interface RequirementGroup {
  title: string;
  requirements: readonly Requirement[];
}

export type Check = Requirement['check'];

type Declare = (place: string, text: string, check: Check, own?: Conditions) => Requirement;

/**
 * Declares the requirements of one specification: `draft.must('3.4.2 (a)', 'Malformed JSON gets 400', check)`.
 *
 * Ids are never reused. A new requirement of a section gets the next letter.
 *
 * @param shared conditions of all of them; `needs` of a single requirement are added
 */
export function requirementsOf(specification: SpecificationName, shared: Conditions = {}) {
  const at =
    (level: Level): Declare =>
    (place, text, check, own = {}) => {
      const section = place.replace(/ \([a-z]\)$/, '');
      return {
        id: `${specification} §${place}`,
        specification,
        section,
        url: urlOf(specification, section),
        level,
        text,
        ...shared,
        ...own,
        needs: withoutImplied([...(shared.needs ?? []), ...(own.needs ?? [])]),
        check,
      };
    };
  return { must: at('MUST'), should: at('SHOULD'), may: at('MAY') };
}
