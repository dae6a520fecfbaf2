import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DynamicModule, Type } from '@nestjs/common';
import { APP_VARIABLE } from './app-option.js';
import { CommandFailure } from './failure.js';
import type { HostModules } from './host-app.js';

const EXAMPLE = '--app ./dist/app.module.js';

/** The default name of the export. */
const USUAL_EXPORT = 'AppModule';

/**
 * Loads the module of the administered application.
 *
 * @param app path of a compiled file, relative to the working directory, and optionally `#` and the name of an export; by
 *   default `AppModule`, or else the default export
 * @throws CommandFailure if there is no such module
 */
export async function loadApp(app: string | undefined): Promise<HostModules> {
  if (!app) {
    throw new CommandFailure(
      'usage',
      `missing application: name its compiled module with ${EXAMPLE} or ${APP_VARIABLE}`,
    );
  }
  const [file = '', name] = app.split('#');
  const exported = await exportsOf(file);
  const names = name === undefined ? [USUAL_EXPORT, 'default'] : [name];
  const module = names.map((each) => exported[each]).find(isModule);
  if (module) return [module];
  const known = Object.keys(exported).filter((each) => isModule(exported[each]));
  const fix = known.length > 0 ? `it has ${known.map((each) => `#${each}`).join(', ')}` : 'it exports no Nest module';
  throw new CommandFailure('failed', `--app ${file}: no export is called ${names.join(' or ')}; ${fix}`);
}

/** Returns the exports of a file. Those of a CommonJS file can all be members of the default export. */
async function exportsOf(file: string): Promise<Record<string, unknown>> {
  try {
    const namespace = (await import(pathToFileURL(resolve(file)).href)) as Record<string, unknown>;
    const inner = namespace['default'];
    return { ...(typeof inner === 'object' ? inner : undefined), ...namespace };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
    throw new CommandFailure('failed', `--app ${file} cannot be loaded: ${message}`, { cause });
  }
}

/** Returns whether the value is a class with `@Module()` or a dynamic module. */
const isModule = (value: unknown): value is Type | DynamicModule => {
  if (typeof value === 'object' && value !== null && 'module' in value) return isModule(value.module);
  const keys = typeof value === 'function' ? Reflect.getMetadataKeys(value) : [];
  return keys.some((key) => ['imports', 'providers', 'controllers', 'exports'].includes(String(key)));
};
