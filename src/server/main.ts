import 'reflect-metadata';
import { createApp } from './app.js';
import { failStart } from './fail-start.js';
import { loadSettings } from './settings.js';
import { shutDownOnSignals } from './shutdown.js';
import { startMessage } from './start-message.js';

try {
  const settings = loadSettings();
  const app = await createApp(settings);
  shutDownOnSignals(app);
  await app.listen(settings.port, settings.host);
  console.log(startMessage(settings));
} catch (error) {
  failStart(error);
}
