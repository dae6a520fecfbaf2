import type { CommandRunner } from 'nest-commander';

type Command = Parameters<CommandRunner['setCommand']>[0];

/** Something that can be typed, and what it means. */
export interface Word {
  word: string;
  meaning: string;
}

/** An option, in its long form. */
export interface OptionWord extends Word {
  takesValue: boolean;
}

/** A place on the command line, and what can come next there. */
export interface Place {
  /** Names of the commands that lead there, each with a blank before it; empty: at the beginning. */
  path: string;
  commands: Word[];
  options: OptionWord[];
  /** Values of its argument that are known. */
  values: readonly string[];
}

/** Every place. @param values known values of arguments, by path */
export function placesOf(root: Command, values: Readonly<Record<string, readonly string[]>>): Place[] {
  const walk = (command: Command, path: string): Place[] => {
    const commands = command.commands.filter((each) => each.name() !== 'help');
    const place = {
      path,
      commands: commands.map((each) => ({ word: each.name(), meaning: each.description() })),
      options: [
        ...command.options.map((each) => ({
          word: each.long ?? '',
          meaning: each.description,
          takesValue: each.required || each.optional,
        })),
        { word: '--help', meaning: 'show help', takesValue: false },
      ],
      values: values[path.trim()] ?? [],
    };
    return [place, ...commands.flatMap((each) => walk(each, `${path} ${each.name()}`))];
  };
  return walk(root, '');
}

/** Options whose next word is a value, wherever they stand. */
export const optionsWithValue = (places: readonly Place[]): string[] => [
  ...new Set(places.flatMap(({ options }) => options.filter((each) => each.takesValue).map(({ word }) => word))),
];

/** A word that a POSIX shell takes as it is. */
export const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
