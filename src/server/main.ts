import 'reflect-metadata';
import { failStart } from './fail-start.js';
import { loadSettings } from './settings.js';
import { shutDownOnSignals } from './shutdown.js';
import { startMessage } from './start-message.js';

try {
  const settings = loadSettings();
  // Loaded after the settings are known to be right: what it loads is slow, and prints.
  const { createApp } = await import('./app.js');
  const app = await createApp(settings);
  shutDownOnSignals(app);
  await app.listen(settings.port, settings.host);
  app.flushLogs();
  console.log(startMessage(settings));
} catch (error) {
  failStart(error);
}
