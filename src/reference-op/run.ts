import type { AbstractHttpAdapter } from '@nestjs/core';
import { failStart } from './fail-start.js';
import { loadSettings } from './settings/settings-load.js';
import type { Settings } from './settings/settings.js';
import { shutDownOnSignals } from './shutdown.js';

/**
 * Runs the server until it is told to end. A start that fails ends the process with one line that says why.
 *
 * @param adapterFor makes another HTTP adapter than that of the reference server
 */
export async function run(adapterFor?: (settings: Settings) => AbstractHttpAdapter): Promise<void> {
  try {
    const settings = loadSettings();
    // Loaded after the settings are known to be right: what it loads is slow, and prints.
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
