#!/usr/bin/env node
import 'reflect-metadata';
import { takeApp } from './app-option.js';

const { app, args } = takeApp(process.argv.slice(2), process.env);
process.argv.splice(2, Infinity, ...args);
const { runCli } = await import('./run-cli.js').catch((error: unknown) => {
  const isMissing = error instanceof Error && /Cannot find package 'nest-commander'/.test(error.message);
  if (!isMissing) throw error;
  console.error('error: the command line needs nest-commander: npm install nest-commander@3');
  process.exit(1);
});
// Loaded when a command needs it.
await runCli(async () => (await import('./load-app.js')).loadApp(app));
