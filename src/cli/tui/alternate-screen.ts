const ENTER = '\u001b[?1049h\u001b[2J\u001b[H';
const LEAVE = '\u001b[?1049l\u001b[?25h';

/**
 * Gives the terminal another screen, and back the one it had: when it is told to, and however else the process ends. Before
 * Node writes why it crashes, so that it can be read.
 *
 * @returns gives it back
 */
export function alternateScreen(stdout: NodeJS.WriteStream): () => void {
  let isOpen = true;
  const leave = (): void => {
    if (isOpen) stdout.write(LEAVE);
    isOpen = false;
    process.off('exit', leave).off('uncaughtExceptionMonitor', leave);
  };
  stdout.write(ENTER);
  process.once('exit', leave).once('uncaughtExceptionMonitor', leave);
  return leave;
}
