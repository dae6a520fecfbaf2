import {
  type Abstract,
  Global,
  type INestApplicationContext,
  Inject,
  Injectable,
  Module,
  type Type,
} from '@nestjs/common';
import type { ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { isDriverError } from 'nestjs-global-revocation';
import { ADMINISTERED_START_CHECKS } from 'nestjs-global-revocation/administration';
import { databaseFix } from './database-fix.js';
import { CommandFailure } from './failure.js';

/**
 * The modules of the administered application: its `DataSource` and its `GlobalRevocationModule`.
 *
 * @publicApi
 */
export type HostModules = NonNullable<ModuleMetadata['imports']>;

/**
 * Loads {@link HostModules}.
 *
 * @param mayCreate whether the command may create a missing database, as `migrate` may
 * @publicApi
 */
export type LoadHostModules = (mayCreate: boolean) => HostModules | Promise<HostModules>;

/** Injection token of {@link LoadHostModules}. */
export const LOAD_HOST_MODULES = Symbol('LOAD_HOST_MODULES');

/** The application starts even with findings, because operators fix them from here. */
const startChecks = { provide: ADMINISTERED_START_CHECKS, useValue: 'off' };

@Global()
@Module({ providers: [startChecks], exports: [startChecks] })
class HostAppModule {}

/** The administered application, without its HTTP server. It starts when a command first needs it. */
@Injectable()
export class HostApp {
  private opened?: Promise<INestApplicationContext>;

  constructor(@Inject(LOAD_HOST_MODULES) private readonly load: LoadHostModules) {}

  /** Returns a provider of the application. @throws CommandFailure if it does not start, or has no such provider */
  async get<T>(token: Type<T> | Abstract<T> | string | symbol): Promise<T> {
    const app = await this.open();
    try {
      return app.get<T>(token as Type<T>, { strict: false });
    } catch (cause) {
      const fix = 'import GlobalRevocationModule in the module that you give to the command line';
      throw new CommandFailure('failed', `${messageOf(cause)}: ${fix}`, { cause });
    }
  }

  /** Returns an optional provider of the application. @throws CommandFailure if it does not start */
  async find<T>(token: Type<T> | symbol): Promise<T | undefined> {
    const app = await this.open();
    try {
      return app.get<T>(token, { strict: false });
    } catch {
      return undefined;
    }
  }

  /** Starts the application. @param mayCreate see {@link LoadHostModules}. @throws CommandFailure if it does not start */
  open(mayCreate = false): Promise<INestApplicationContext> {
    this.opened ??= this.start(mayCreate);
    return this.opened;
  }

  async close(): Promise<void> {
    const app = await this.opened?.catch(() => undefined);
    await app?.close();
  }

  private async start(mayCreate: boolean): Promise<INestApplicationContext> {
    try {
      const imports = await this.load(mayCreate);
      const root = { module: HostAppModule, imports };
      return await NestFactory.createApplicationContext(root, { logger: false, abortOnError: false });
    } catch (cause) {
      if (cause instanceof CommandFailure) throw cause;
      const message = `cannot start: ${messageOf(cause)}`;
      const isUnavailable = isDriverError(cause, 'transient');
      const fix = isUnavailable ? 'check that the database runs at this address' : databaseFix(cause);
      const text = [message, fix].filter((part) => part !== undefined).join(': ');
      throw new CommandFailure(isUnavailable ? 'unavailable' : 'failed', text, { cause });
    }
  }
}

/** Returns the first line of an error's message. */
const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;
