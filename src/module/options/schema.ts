import * as v from 'valibot';

/** A schema for each member of an interface. The compiler reports missing members. */
export type Members<T> = { readonly [Name in keyof T]-?: v.GenericSchema<unknown, T[Name] | undefined> };

/** Accepts values for which a condition holds. @param expected completes "must be …" */
export const must = <T>(expected: string, holds: (value: unknown) => boolean): v.CustomSchema<T, string> =>
  v.custom<T, string>(holds, expected);

/** Returns whether a value is an object that JSON could be, rather than a list. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
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

/** Like {@link must}, for secrets: the message never contains the value. @param expected completes "must be …" */
export const secret = <T>(expected: string, holds: (value: unknown) => boolean) =>
  v.pipe(
    v.custom<T>(() => true),
    v.check<T, string>(holds, `must be ${expected}`),
  );

export const listOf = <T extends v.GenericSchema>(each: T) => v.array(each, 'a list');

const isPath = (value: unknown): boolean =>
  typeof value === 'string' && /^[a-z0-9._~-]+(\/[a-z0-9._~-]+)*$/.test(value) && !/(^|\/)\.\.?(\/|$)/.test(value);

/** A path below that of the issuer. */
export const pathBelowIssuer = must<string>('a path of lower-case letters, digits and . _ ~ -', isPath);

/** Longest timer in milliseconds. A longer one fires immediately. */
export const TIMER_MAX = 2 ** 31 - 1;

/** Accepts an object with any member names; ignores undefined members. */
export const recordOf = <T extends v.GenericSchema>(each: T) =>
  v.pipe(
    object,
    v.transform((given) => defined(given)),
    v.record(v.string(), each),
  );

/** Accepts an object with exactly these members; ignores undefined members. Members may be inherited getters. */
export const shape = <T extends v.ObjectEntries>(members: T) => {
  const names = Object.keys(members);
  return v.pipe(
    object,
    v.transform((given) => defined(given, names)),
    v.strictObject(members, `unknown name; known: ${names.join(', ')}`),
  );
};

/** Accepts this value, or an object with this schema. */
export const valueOr = <const Value extends string | boolean, T extends v.GenericSchema>(allowed: Value, schema: T) =>
  v.lazy((value) => {
    if (value === allowed) return v.literal(allowed);
    return isObject(value) ? schema : must<never>(`${shown(allowed)} or an object`, () => false);
  });

/** Validates a value but returns the original, for instances whose methods need it. */
export const asGiven = <T extends v.GenericSchema>(schema: T) =>
  v.pipe(
    v.custom<v.InferOutput<T>>(() => true),
    v.rawTransform(({ dataset, addIssue }) => {
      const { issues = [] } = v.safeParse(schema, dataset.value);
      for (const issue of issues) addIssue({ message: textOf(issue), ...(issue.path && { path: issue.path }) });
      return dataset.value;
    }),
  );

/** A parsed value with its findings. */
export interface Read<T> {
  value: T;
  /** Each finding begins with a name: `users.emailCase: must be 'ignored' or 'counts', not 'Counts'`. */
  findings: string[];
}

/**
 * Validates a value and fills in its defaults.
 *
 * @param name prefix for names of members
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

/** Builds the message: for a schema, its message names the expected value; for a check, it is complete. */
function textOf({ kind, expected, input, path, message }: Issue): string {
  if (kind !== 'schema' || expected === 'never') return message;
  if (input === undefined && path) return 'is missing';
  return `must be ${message}, not ${shown(input)}`;
}

/** Returns the members that are not undefined. @param names of members that may be inherited */
const defined = (given: Readonly<Record<string, unknown>>, names: readonly string[] = []): Record<string, unknown> => {
  const members = [...new Set([...names, ...Object.keys(given)])].map((name) => [name, given[name]] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
};

/** Shows a value in a message, but never the contents of an object, which may be secret. */
function shown(value: unknown): string {
  if (typeof value === 'function') return /^class\b/.test(String(value)) ? `the class ${value.name}` : 'a function';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  return typeof value === 'string' ? `'${value.slice(0, 80)}'` : String(value);
}
