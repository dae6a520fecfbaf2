const ENTER = '\u001b[?1049h\u001b[2J\u001b[H';
const LEAVE = '\u001b[?1049l\u001b[?25h';

/**
 * Switches to the alternate screen, and back when the returned function is called or the process ends. After a crash, it
 * switches back before Node prints the error, which stays readable.
 *
 * @returns a function that restores the screen
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
