import 'reflect-metadata';
import { runCli } from 'nestjs-global-revocation-cli';

const name = process.env['npm_lifecycle_event'] === 'ctl' ? 'npm run ctl --' : 'node src/reference-op/dist/ctl.js';

// Loaded only if a command needs it, because loading is slow.
await runCli(async (mayCreate) => (await import('./ctl-modules.js')).ctlModules(process.env, mayCreate), { name });
