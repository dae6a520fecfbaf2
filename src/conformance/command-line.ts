import { parseArgs } from 'node:util';
import { checkConfig, readConfig } from './config.js';
import { type Files, STDOUT } from './report/write.js';
import type { Selection } from './selection.js';
import type { TargetOptions } from './target-options.js';
import { UsageError } from './usage-error.js';

const text = { type: 'string' } as const;
const list = { type: 'string', multiple: true, default: [] as string[] } as const;
const flag = { type: 'boolean', default: false } as const;
const FLAGS = {
  'base-url': text,
  endpoint: text,
  server: text,
  'client-id': text,
  config: text,
  'sign-in': text,
  only: list,
  skip: list,
  html: text,
  junit: text,
  json: text,
  list: flag,
  version: flag,
  help: flag,
} as const;

/** The parsed command line. */
export interface CommandLine extends Required<Selection> {
  action: 'test' | 'list' | 'version' | 'help';
  target: TargetOptions;
  server: string | undefined;
  signIn: string | undefined;
  /** Reports to write. */
  files: Files;
}

/**
 * Reads the command line. It overrides the configuration file.
 *
 * @param env contains `CLIENT_SECRET`
 * @throws UsageError
 */
export function readCommandLine(args: string[], env: Readonly<Record<string, string | undefined>>): CommandLine {
  const values = parse(args);
  const { server, 'sign-in': signIn, html, junit, json } = values;
  const action = (['help', 'version', 'list'] as const).find((name) => values[name]) ?? 'test';
  const target = action === 'test' ? targetOf(values, env) : { base_url: '' };
  const [only, skip] = [sectionsOf(values.only), sectionsOf(values.skip)];
  return { action, target, server, signIn, only, skip, files: { html, junit, json } };
}

function parse(args: string[]) {
  const withFile = args.map((arg, index) => {
    const hasFile = !(args[index + 1] ?? '--').startsWith('--');
    return arg === '--json' && !hasFile ? `--json=${STDOUT}` : arg;
  });
  try {
    return parseArgs({ args: withFile, options: FLAGS }).values;
  } catch (error) {
    const [problem = ''] = (error as Error).message.split(/[.\n]/);
    throw new UsageError(`${problem.charAt(0).toLowerCase()}${problem.slice(1)}; --help lists the options`);
  }
}

const sectionsOf = (lists: readonly string[]): string[] =>
  lists
    .flatMap((each) => each.split(','))
    .map((each) => each.trim())
    .filter((each) => each !== '');

type Values = ReturnType<typeof parse>;

function targetOf(values: Values, env: Readonly<Record<string, string | undefined>>): TargetOptions {
  const target = values.config === undefined ? {} : readConfig(values.config);
  if (values['base-url'] !== undefined) target.base_url = values['base-url'];
  if (values.endpoint !== undefined) target.endpoint = values.endpoint;
  if (values['client-id'] !== undefined) {
    const secret = env['CLIENT_SECRET'];
    if (!secret)
      throw new UsageError('--client-id: missing client secret; put it in the environment variable CLIENT_SECRET');
    target.caller = { client_id: values['client-id'], client_secret: secret };
  }
  return checkConfig(target);
}
