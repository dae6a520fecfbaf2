import { ConfigModule } from '@nestjs/config';

import type { Settings } from './settings.js';

/**
 * `ConfigService<Settings, true>` for the whole application: `get('port', { infer: true })`. Only validated settings are
 * visible: `get` never falls back to the process environment, and nothing is written to it.
 */
export const settingsModule = (settings: Settings) =>
  ConfigModule.forRoot({
    ignoreEnvFile: true,
    skipProcessEnv: true,
    validatePredefined: false,
    cache: true,
    isGlobal: true,
    load: [() => settings],
  });
