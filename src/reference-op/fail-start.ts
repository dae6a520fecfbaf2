/** Ends the process with a one-line error message. */
export function failStart(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  console.error(`Cannot start: ${message.split('\n', 1)[0]}`);
  process.exit(1);
}
