import 'reflect-metadata';
import { failStart } from './fail-start.js';
import { loadSettings } from './settings.js';
import { shutDownOnSignals } from './shutdown.js';

try {
  const settings = loadSettings();
  // Loaded after the settings are known to be right: what it loads is slow, and prints.
  const [{ createApp }, { ServerLog }] = await Promise.all([import('./app.js'), import('./log/server-log.js')]);
  const log = new ServerLog(settings);
  const app = await createApp(settings, log);
  shutDownOnSignals(app);
  await app.listen(settings.port, settings.host);
  app.flushLogs();
  log.ready();
} catch (error) {
  failStart(error);
}
