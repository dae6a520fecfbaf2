import { unknownName } from '../options/option-names.js';

/**
 * What an option may be: adds to `problems` what is wrong with it, under its name, and returns it as it is used, without
 * members that are undefined.
 */
export type Rule = (value: unknown, name: string, problems: string[]) => unknown;

/** A rule for each member of `T`: the compiler misses one that is forgotten. */
export type Rules<T> = { readonly [Name in keyof T]-?: Rule };

/** @param isSecret the message does not show the value */
export const must =
  (holds: (value: unknown) => boolean, expected: string, isSecret = false): Rule =>
  (value, name, problems) => {
    if (!holds(value)) problems.push(`${name} must be ${expected}${isSecret ? '' : `, and is ${shown(value)}`}`);
    return value;
  };

export const anything: Rule = (value) => value;

export const oneOf = (...allowed: readonly unknown[]): Rule =>
  must((value) => allowed.includes(value), allowed.map(shown).join(' or '));

export const wholeNumber = (min: number, max = Number.MAX_SAFE_INTEGER): Rule => {
  const holds = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;
  return must(
    holds,
    `a whole number ${max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`}`,
  );
};

/** This value, or an object as the rule says. */
export const valueOr =
  (allowed: unknown, rule: Rule): Rule =>
  (value, name, problems) => {
    if (value === allowed) return value;
    return isObject(value)
      ? rule(value, name, problems)
      : wrong(`${shown(allowed)} or an object`)(value, name, problems);
  };

/** Checked, and used as it is: it has methods. */
export const asGiven =
  (rule: Rule): Rule =>
  (value, name, problems) => {
    rule(value, name, problems);
    return value;
  };

export const listOf =
  (rule: Rule): Rule =>
  (value, name, problems) =>
    Array.isArray(value)
      ? value.map((each, i) => rule(each, `${name}[${i}]`, problems))
      : wrong('a list')(value, name, problems);

/** An object whose members have any names. */
export const recordOf =
  (rule: Rule): Rule =>
  (value, name, problems) =>
    isObject(value)
      ? membersOf(value, Object.fromEntries(Object.keys(value).map((each) => [each, rule])), name, problems)
      : wrong('an object')(value, name, problems);

/**
 * An object whose members have these names and no others. Read by name, as instances of classes may have getters.
 *
 * @param required members that must be there
 */
export const shapeOf =
  <T>(rules: Rules<T>, ...required: ReadonlyArray<string & keyof T>): Rule =>
  (value, name, problems) => {
    if (!isObject(value))
      return wrong('an object')(value, name || 'what the factory of forRootAsync returns', problems);
    const unknown = unknownName(value, Object.keys(rules));
    if (unknown !== undefined) problems.push(`${name || 'the module'} ${unknown}`);
    const missing = required.filter((member) => value[member] === undefined);
    problems.push(...missing.map((member) => `${pathOf(name, member)} is missing`));
    return membersOf(value, rules, name, problems);
  };

const wrong = (expected: string): Rule => must(() => false, expected);

const pathOf = (name: string, member: string): string => (name === '' ? member : `${name}.${member}`);

/** The members that have a rule and are not undefined. */
export function membersOf(
  value: Members,
  rules: Readonly<Record<string, Rule>>,
  name: string,
  problems: string[],
): Members {
  const given = Object.entries(rules).filter(([member]) => value[member] !== undefined);
  return Object.fromEntries(
    given.map(([member, rule]) => [member, rule(value[member], pathOf(name, member), problems)]),
  );
}

export type Members = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value in a message: never what is in an object, which may be secret. */
function shown(value: unknown): string {
  if (typeof value === 'function') return /^class\b/.test(String(value)) ? `the class ${value.name}` : 'a function';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  return typeof value === 'string' ? `'${value.slice(0, 80)}'` : String(value);
}
