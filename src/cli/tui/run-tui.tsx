import { render } from 'ink';
import { alternateScreen } from './alternate-screen.js';
import { App } from './app.js';
import { keyboard } from './keyboard.js';
import type { Services } from './desk.js';

/**
 * Shows the terminal interface until the operator quits or the signal aborts.
 *
 * @throws the error of a component, after the screen is restored
 */
export async function runTui(services: Services, stop: AbortSignal): Promise<void> {
  const leave = alternateScreen(process.stdout);
  const { unmount, waitUntilExit } = render(<App {...services} />, { stdin: keyboard(process.stdin) });
  try {
    stop.addEventListener('abort', () => unmount(), { once: true });
    if (stop.aborted) unmount();
    await waitUntilExit();
  } finally {
    leave();
  }
}
