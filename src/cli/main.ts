#!/usr/bin/env node
import 'reflect-metadata';
import { takeApp } from './app-option.js';
import { loadApp } from './load-app.js';
import { runCli } from './run-cli.js';

const { app, args } = takeApp(process.argv.slice(2), process.env);
process.argv.splice(2, Infinity, ...args);
await runCli(() => loadApp(app));
