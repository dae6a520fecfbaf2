import { type DynamicModule, Module } from '@nestjs/common';
import { SIGNING_KEYS } from 'nestjs-global-revocation-cli';
import { loadKeys } from './keys.js';
import type { Settings } from './settings/settings.js';

/** Provides the signing keys of a server with these settings, for `doctor`. */
@Module({})
export class CtlKeys {
  static forRoot(settings: Settings): DynamicModule {
    const useFactory = async () => (await loadKeys(settings)).signing.keys;
    return { module: CtlKeys, providers: [{ provide: SIGNING_KEYS, useFactory }] };
  }
}
