import type { AbstractHttpAdapter } from '@nestjs/core';
import { failStart } from './fail-start.js';
import { loadSettings } from './settings/settings-load.js';
import type { Settings } from './settings/settings.js';
import { shutDownOnSignals } from './shutdown.js';

/**
 * Runs the server until it is told to stop. A failed start ends the process with a one-line error message.
 *
 * @param adapterFor creates another HTTP adapter than the default
 */
export async function run(adapterFor?: (settings: Settings) => AbstractHttpAdapter): Promise<void> {
  try {
    const settings = loadSettings();
    // Loaded only with valid settings, because loading is slow and prints.
    const [{ createApp }, { ServerLog }] = await Promise.all([import('./app.js'), import('./log/server-log.js')]);
    const log = new ServerLog(settings);
    const app = await createApp(settings, log, adapterFor?.(settings));
    shutDownOnSignals(app, settings.shutdownNoticeMs);
    await app.listen(settings.port, settings.host);
    app.flushLogs();
    log.ready();
  } catch (error) {
    failStart(error);
  }
}
