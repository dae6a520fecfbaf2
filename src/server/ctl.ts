import 'reflect-metadata';
import { runCli } from '../admin/run-cli.js';
import { failStart } from './fail-start.js';
import { hostModules } from './host-modules.js';
import { loadSettings } from './settings.js';

try {
  await runCli(hostModules(loadSettings()));
} catch (error) {
  failStart(error);
}
