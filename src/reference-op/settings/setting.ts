import * as v from 'valibot';
import { knownNames, quote } from './settings-error.js';

/** A type of setting. Values are not trimmed, rounded or converted. */
export interface Kind<T> {
  /** Completes "must be …". */
  allowed: string;
  /** Messages of a `rawCheck` replace `allowed` after the name of the setting. */
  schema: v.GenericSchema<unknown, T>;
  /** Converts text in the environment to the list or map that YAML would contain; undefined if it is invalid. */
  fromText?(text: string): unknown;
  /** Whether to check the text as written, in YAML too, so that 1e3 is not a number. */
  asWritten?: boolean;
  /** Combines values of an earlier and a later source; by default, the later one replaces the earlier one. */
  merge?(earlier: T, later: T): T;
}

/** The settings on which the defaults of others depend. */
export interface Chosen {
  production: boolean;
  port: number;
  issuer: string;
}

interface SettingOptions {
  /** Environment variable. @default `GTR_` and the key in UPPER_SNAKE_CASE */
  env?: string;
  /** Whether the YAML file may contain it, under its key. @default true */
  yaml?: boolean;
  /** Whether its value is never shown. @default false */
  secret?: boolean;
}

/** The declaration of one setting. */
export interface Setting<T> extends SettingOptions {
  kind: Kind<Exclude<T, undefined>>;
  /** Default. */
  usual: T | ((chosen: Chosen) => T);
}

type WithDefault<T> = SettingOptions & Pick<Setting<T>, 'usual'>;

export function setting<T>(kind: Kind<T>, options: WithDefault<T>): Setting<T>;
export function setting<T>(kind: Kind<T>, options?: SettingOptions): Setting<T | undefined>;
export function setting(kind: Kind<unknown>, options: Partial<WithDefault<unknown>> = {}): Setting<unknown> {
  return { kind: kind as Setting<unknown>['kind'], usual: undefined, ...options };
}

export const text = (allowed: string, holds: (given: string) => boolean): Kind<string> => ({
  allowed,
  schema: v.pipe(v.string(), v.check(holds)),
});

export const oneOf = <const T extends readonly string[]>(...names: T): Kind<T[number]> => ({
  allowed: names.join(', ').replace(/, ([^,]*)$/, ' or $1'),
  schema: v.picklist(names),
});

/** A setting with a fixed set of words. */
export const named = <T>(allowed: string, values: Readonly<Record<string, T>>): Kind<T> => {
  const schema = v.pipe(
    v.picklist(Object.keys(values)),
    v.transform((word) => values[word]!),
  );
  return { allowed, schema, asWritten: true };
};

export const onOff = named('on or off', { on: true, true: true, off: false, false: false });

export const wholeNumber = (min: number, max: number, unit?: string): Kind<number> => ({
  allowed: `a whole number${unit === undefined ? '' : ` of ${unit}`} from ${min} to ${max}`,
  schema: v.pipe(
    v.string(),
    v.regex(/^(?:0|[1-9][0-9]{0,14})$/),
    v.transform(Number),
    v.minValue(min),
    v.maxValue(max),
  ),
  asWritten: true,
});

/** A list; in the environment, separated by commas. */
export const listOf = (allowed: string, holds: (given: string) => boolean): Kind<string[]> => ({
  allowed,
  schema: v.array(text(allowed, holds).schema),
  fromText: (given) => given.split(','),
});

const isPair = (pair: string[] | undefined): pair is string[] => pair !== undefined;

/** Switches by name; others keep their value. In the environment, `NAME=on,NAME=off`. */
export const switches = <Name extends string>(known: readonly Name[]): Kind<Record<Name, boolean>> => ({
  allowed: `a map of flag name to on or off (environment: NAME=on,NAME=off); known: ${known.join(', ')}`,
  schema: v.pipe(
    v.custom<Record<string, unknown>>((given) => typeof given === 'object' && !Array.isArray(given)),
    v.check((given) => Object.values(given).every((value) => v.is(onOff.schema, value))),
    v.rawCheck(({ dataset, addIssue }) => {
      const names = dataset.typed ? Object.keys(dataset.value) : [];
      const unknown = names.find((name) => !known.includes(name as Name));
      if (unknown !== undefined)
        addIssue({ message: ` names the unknown flag ${quote(unknown)}; ${knownNames(known)}` });
    }),
    v.record(v.picklist(known), onOff.schema),
  ) as Kind<Record<Name, boolean>>['schema'],
  fromText: (given) => {
    const pairs = given.split(',').map((pair) => /^([^=]*)=(.*)$/s.exec(pair)?.slice(1));
    const isMap = pairs.every(isPair) && new Set(pairs.map(([name]) => name)).size === pairs.length;
    return isMap ? (Object.fromEntries(pairs) as unknown) : undefined;
  },
  asWritten: true,
  merge: (earlier, later) => ({ ...earlier, ...later }),
});

/** A list of objects; in the environment, as JSON. @param findingsIn returns the errors, each beginning with its index */
export const objects = <T>(allowed: string, findingsIn: (given: unknown) => readonly string[]): Kind<T[]> => ({
  allowed,
  schema: v.pipe(
    v.custom<T[]>((given) => Array.isArray(given) && given.length > 0),
    v.rawCheck(({ dataset, addIssue }) => {
      const [finding] = dataset.typed ? findingsIn(dataset.value) : [];
      if (finding !== undefined) addIssue({ message: finding });
    }),
  ),
  fromText: (given) => v.safeParse(v.pipe(v.string(), v.parseJson()), given).output,
});
