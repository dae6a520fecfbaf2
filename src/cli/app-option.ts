/** Environment variable that says what `--app` says. */
export const APP_VARIABLE = 'GLOBAL_REVOCATION_APP';

/**
 * Takes `--app FILE` or `--app=FILE` out of the arguments, wherever it stands; without it the environment says.
 *
 * @returns the last one given, and the other arguments
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
