import { type DynamicModule, Module } from '@nestjs/common';
import { SIGNING_KEYS } from 'nestjs-global-revocation-cli';
import { loadKeys } from './keys.js';
import type { Settings } from './settings/settings.js';

/** Tells `doctor` with which keys a server with these settings signs. */
@Module({})
export class CtlKeys {
  static forRoot(settings: Settings): DynamicModule {
    const useFactory = async () => (await loadKeys(settings)).signing.keys;
    return { module: CtlKeys, providers: [{ provide: SIGNING_KEYS, useFactory }] };
  }
}
