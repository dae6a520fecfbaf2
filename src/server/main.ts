import 'reflect-metadata';
import { createApp } from './app.js';
import { failStart } from './fail-start.js';
import { loadSettings } from './settings.js';
import { startMessage } from './start-message.js';

try {
  const settings = loadSettings();
  const app = await createApp(settings);
  await app.listen(settings.port);
  console.log(startMessage(settings));
} catch (error) {
  failStart(error);
}
