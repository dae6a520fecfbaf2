/** The environment variable to use instead of `--app`. */
export const APP_VARIABLE = 'GLOBAL_REVOCATION_APP';

/**
 * Removes `--app FILE` or `--app=FILE` from the arguments, wherever it is; the environment variable is the default.
 *
 * @returns the last value given, and the remaining arguments
 */
export function takeApp(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): { app: string | undefined; args: readonly string[] } {
  const others: string[] = [];
  let app = env[APP_VARIABLE];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i]!;
    if (arg === '--app') app = args[(i += 1)] ?? '';
    else if (arg.startsWith('--app=')) app = arg.slice('--app='.length);
    else others.push(arg);
  }
  return { app, args: others };
}
