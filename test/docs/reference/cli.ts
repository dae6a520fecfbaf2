import { Cli, PUBLISHED_NAME } from '../../../src/cli/cli.js';
import { execute } from '../../../src/cli/execute.js';
import { table } from '../marks.js';

interface CommandHelp {
  path: string;
  help: string;
}

/** An overview of all commands, and the help of each. */
export async function commandParts(): Promise<string[]> {
  const all = await helpOf([]);
  const rows = all.map(({ path, help }) => [`[${path}](#${path.replaceAll(' ', '-')})`, descriptionIn(help)]);
  const sections = all.flatMap(({ path, help }) => [`### ${path}`, `\`\`\`text\n${help}\n\`\`\``]);
  return [table(['command', 'what it does'], rows), ...sections];
}

/** The help of a command, or of those below it. */
async function helpOf(path: readonly string[]): Promise<CommandHelp[]> {
  let help = '';
  const say = (text: string): void => void (help += text);
  const cli = new Cli(PUBLISHED_NAME, say, say, new AbortController().signal);
  const code = await execute([...path, '--help'], cli, () => Promise.reject(new Error('help needs no application')));
  if (code !== 0) throw new Error(help);
  const names = commandsIn(help);
  if (names.length === 0) return [{ path: path.join(' '), help: help.trim() }];
  const below: CommandHelp[] = [];
  for (const name of names) below.push(...(await helpOf([...path, name])));
  return below;
}

/** Names that the help lists under `Commands:`. */
function commandsIn(help: string): string[] {
  const list = help.split('\nCommands:\n')[1]?.split('\n\n')[0] ?? '';
  const names = [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name]) => name!);
  return names.filter((name) => name !== 'help');
}

/** The paragraph below the usage, on one line. */
const descriptionIn = (help: string): string => help.split('\n\n')[1]!.replaceAll('\n', ' ');
