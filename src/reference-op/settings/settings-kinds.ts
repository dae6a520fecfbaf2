import { isMap, isScalar, isSeq, type Node } from 'yaml';

import { knownNames, quote } from './settings-error.js';

/**
 * How a setting is read from text (environment) and from a YAML node. Both answer `undefined` for what is not exactly of
 * this kind: nothing is trimmed, rounded or converted.
 */
export interface Kind<T> {
  fromText(text: string): T | undefined;
  fromYaml(node: Node): T | undefined;
  /** What else is wrong with a value that was read. @param name of the setting, as the user gave it */
  finding?(value: T, name: string): string | undefined;
  /** Combines an earlier source with a later one; without it the later replaces the earlier. */
  merge?(earlier: T, later: T): T;
}

export const text: Kind<string> = {
  fromText: (value) => value,
  fromYaml: (node) => (isScalar(node) && typeof node.value === 'string' ? node.value : undefined),
};

const INTEGER = /^(?:0|[1-9][0-9]{0,14})$/;

export const integer: Kind<number> = {
  fromText: (value) => (INTEGER.test(value) ? Number(value) : undefined),
  fromYaml: (node) =>
    isScalar(node) && typeof node.value === 'number' ? integer.fromText(node.source ?? '') : undefined,
};

/** A YAML list of strings; in the environment separated by commas. */
export const textList: Kind<string[]> = {
  fromText: (value) => value.split(','),
  fromYaml: (node) => (isSeq<Node>(node) ? allOf(node.items.map((item) => text.fromYaml(item))) : undefined),
};

/** Exactly `production`, `development` or `test`: a misspelt name must not start the demo. */
export const productionMode: Kind<boolean> = {
  fromText: (value) => new Map(Object.entries({ production: true, development: false, test: false })).get(value),
  fromYaml: () => undefined,
};

/** A boolean. */
export const onOff: Kind<boolean> = {
  fromText: (value) => BOOLEANS.get(value),
  fromYaml: (node) => BOOLEANS.get(plainSource(node)),
};

/** A YAML map of known name → boolean, or `NAME=on,NAME=off`; each name at most once. Unnamed ones keep their value. */
export const switches = (known: readonly string[]): Kind<Record<string, boolean>> => ({
  fromText: (value) => toRecord(value.split(',').map((part) => /^([^=]*)=(.*)$/s.exec(part)?.slice(1) ?? [])),
  fromYaml: (node) =>
    isMap<Node, Node | null>(node)
      ? toRecord(node.items.map(({ key, value }) => [text.fromYaml(key), plainSource(value)]))
      : undefined,
  finding: (value, setting) => {
    const unknown = Object.keys(value).find((name) => !known.includes(name));
    return unknown === undefined
      ? undefined
      : `${setting} names the unknown flag ${quote(unknown)}; ${knownNames(known)}`;
  },
  merge: (earlier, later) => ({ ...earlier, ...later }),
});

const BOOLEANS: ReadonlyMap<string | undefined, boolean> = new Map([
  ['on', true],
  ['true', true],
  ['off', false],
  ['false', false],
]);

const plainSource = (node: Node | null) => (isScalar(node) && node.type === 'PLAIN' ? node.source : undefined);

function toRecord(entries: (string | undefined)[][]): Record<string, boolean> | undefined {
  const names = allOf(entries.map(([name]) => name));
  const values = allOf(entries.map(([, value]) => BOOLEANS.get(value)));
  return names && values && new Set(names).size === names.length
    ? Object.fromEntries(names.map((name, index) => [name, values[index] === true]))
    : undefined;
}

function allOf<T>(values: (T | undefined)[]): T[] | undefined {
  const present = values.filter((value) => value !== undefined);
  return present.length === values.length ? present : undefined;
}
