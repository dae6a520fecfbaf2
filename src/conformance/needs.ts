import type { TargetOptions } from './target-options.js';

/** Needs that are more than a single member of the configuration file. */
const TEXTS = {
  caller: 'a caller that may revoke (--client-id, or caller, identity_provider or assertion_caller in --config)',
  '--client-id': 'a caller with client_id and client_secret (--client-id)',
  '--sign-in': 'a command that signs a person in (--sign-in)',
} as const;

/** Something that the tester must provide before a requirement can be tested. */
export type Need =
  | keyof typeof TEXTS
  | Exclude<keyof TargetOptions, 'base_url' | 'endpoint' | 'unknown_subject_status'>
  | 'identity_provider.outside';

const hasText = (need: Need): need is keyof typeof TEXTS => need in TEXTS;

/** Returns the text about what is missing. */
export function needsText(needs: readonly Need[]): string {
  const members = needs.filter((need) => !hasText(need));
  const inFile = members.length === 0 ? [] : [`${members.join(' and ')} in --config`];
  return `needs ${[...needs.filter(hasText).map((need) => TEXTS[need]), ...inFile].join(' and ')}`;
}

/** Removes the need of a caller if a client is needed, because a client is a caller. */
export const withoutImplied = (needs: readonly Need[]): readonly Need[] =>
  needs.includes('--client-id') ? needs.filter((need) => need !== 'caller') : needs;
