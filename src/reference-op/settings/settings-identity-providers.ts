import { isSeq } from 'yaml';

import { type IdentityProvider, identityProviderFindings } from 'nestjs-global-revocation';
import type { Kind } from './settings-kinds.js';

/** A YAML list of identity providers; in the environment the same as JSON. */
export const identityProviderList: Kind<IdentityProvider[]> = {
  fromText: (value) => asList(fromJson(value)),
  fromYaml: (node) => asList(isSeq(node) ? node.toJSON() : undefined),
  finding: (value, name) => identityProviderFindings(value, name)[0],
};

/** A list of anything: what is wrong inside of it is a finding. */
const asList = (value: unknown): IdentityProvider[] | undefined =>
  Array.isArray(value) && value.length > 0 ? (value as IdentityProvider[]) : undefined;

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
