import * as v from 'valibot';

/** A schema for each member of an interface: the compiler misses one that is forgotten. */
export type Members<T> = { readonly [Name in keyof T]-?: v.GenericSchema<unknown, T[Name] | undefined> };

/** Values for which a condition holds. @param expected completes "must be …" */
export const must = <T>(expected: string, holds: (value: unknown) => boolean): v.CustomSchema<T, string> =>
  v.custom<T, string>(holds, expected);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
export const isFunction = (value: unknown): boolean => typeof value === 'function';

export const text = must<string>('text', isText);
export const flag = v.boolean('true or false');
export const object = must<Record<string, unknown>>('an object', isObject);

export const oneOf = <const T extends readonly string[]>(...allowed: T): v.PicklistSchema<T, string> =>
  v.picklist(allowed, allowed.map(shown).join(' or '));

export const wholeNumber = (min: number, max = Number.MAX_SAFE_INTEGER): v.CustomSchema<number, string> => {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  const holds = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;
  return must(`a whole number ${range}`, holds);
};

/** Of a secret: the message never shows the value. @param expected completes "must be …" */
export const secret = <T>(expected: string, holds: (value: unknown) => boolean) =>
  v.pipe(
    v.custom<T>(() => true),
    v.check<T, string>(holds, `must be ${expected}`),
  );

export const listOf = <T extends v.GenericSchema>(each: T) => v.array(each, 'a list');

/** Longest time that a timer can wait, in milliseconds: it would go off at once after more. */
export const TIMER_MAX = 2 ** 31 - 1;

/** An object whose members have any names; those that are undefined are left out. */
export const recordOf = <T extends v.GenericSchema>(each: T) =>
  v.pipe(
    object,
    v.transform((given) => defined(given)),
    v.record(v.string(), each),
  );

/** An object that has no other members than these; those that are undefined are not there. Instances may have getters. */
export const shape = <T extends v.ObjectEntries>(members: T) => {
  const names = Object.keys(members);
  return v.pipe(
    object,
    v.transform((given) => defined(given, names)),
    v.strictObject(members, `unknown name; known: ${names.join(', ')}`),
  );
};

/** This value, or an object as the schema says. */
export const valueOr = <const Value extends string | boolean, T extends v.GenericSchema>(allowed: Value, schema: T) =>
  v.lazy((value) => {
    if (value === allowed) return v.literal(allowed);
    return isObject(value) ? schema : must<never>(`${shown(allowed)} or an object`, () => false);
  });

/** Checked, and used as it is: an instance whose methods need it. */
export const asGiven = <T extends v.GenericSchema>(schema: T) =>
  v.pipe(
    v.custom<v.InferOutput<T>>(() => true),
    v.rawTransform(({ dataset, addIssue }) => {
      const { issues = [] } = v.safeParse(schema, dataset.value);
      for (const issue of issues) addIssue({ message: textOf(issue), ...(issue.path && { path: issue.path }) });
      return dataset.value;
    }),
  );

/** A value as it is used, with its defaults. */
export interface Read<T> {
  value: T;
  /** What is wrong with it, each under its name: `users.emailCase: must be 'ignored' or 'counts', not 'Counts'`. */
  findings: string[];
}

/**
 * Checks a value and fills in its defaults.
 *
 * @param name in front of the names of its members
 * @param whole name of the value itself
 */
export function read<T extends v.GenericSchema>(
  schema: T,
  given: unknown,
  name = '',
  whole = name,
): Read<v.InferOutput<T>> {
  const { output, issues = [] } = v.safeParse(schema, given, { abortPipeEarly: true });
  return { value: output, findings: issues.map((issue) => `${placeOf(issue, name) || whole}: ${textOf(issue)}`) };
}

type Issue = v.BaseIssue<unknown>;

function placeOf({ path }: Issue, name: string): string {
  const keys = (path ?? []).map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key).slice(0, 80)}`));
  return (name + keys.join('')).replace(/^\./, '');
}

/** What was expected of a value is the message of its schema; a check says it all. */
function textOf({ kind, expected, input, path, message }: Issue): string {
  if (kind !== 'schema' || expected === 'never') return message;
  if (input === undefined && path) return 'is missing';
  return `must be ${message}, not ${shown(input)}`;
}

/** The members that are not undefined. @param names of those that may be inherited */
const defined = (given: Readonly<Record<string, unknown>>, names: readonly string[] = []): Record<string, unknown> => {
  const members = [...new Set([...names, ...Object.keys(given)])].map((name) => [name, given[name]] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
};

/** A value in a message: never what is in an object, which may be secret. */
function shown(value: unknown): string {
  if (typeof value === 'function') return /^class\b/.test(String(value)) ? `the class ${value.name}` : 'a function';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  return typeof value === 'string' ? `'${value.slice(0, 80)}'` : String(value);
}
