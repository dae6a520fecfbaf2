import { isSeq } from 'yaml';

import { connectionsProblem } from '../../module/caller/assertion/connection-rules.js';
import type { Connection } from '../../module/options/caller.options.js';
import type { Kind } from './settings-kinds.js';

/** A YAML list of connections; in the environment the same as JSON. */
export const connectionList: Kind<Connection[]> = {
  fromText: (value) => asList(fromJson(value)),
  fromYaml: (node) => asList(isSeq(node) ? node.toJSON() : undefined),
  complaint: connectionsProblem,
};

/** A list of anything: what is wrong inside of it is a complaint. */
const asList = (value: unknown): Connection[] | undefined =>
  Array.isArray(value) && value.length > 0 ? (value as Connection[]) : undefined;

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
