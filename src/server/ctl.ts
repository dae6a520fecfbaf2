import 'reflect-metadata';
import { runCli } from '../admin/run-cli.js';

const name = process.env['npm_lifecycle_event'] === 'ctl' ? 'npm run ctl --' : 'node dist/server/ctl.js';

// Loaded when a command needs it: that is slow.
await runCli(async (mayCreate) => (await import('./ctl-modules.js')).ctlModules(process.env, mayCreate), { name });
