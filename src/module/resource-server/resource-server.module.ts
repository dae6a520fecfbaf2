import type { DynamicModule, Provider } from '@nestjs/common';
import { AccessTokenGuard } from './access-token.guard.js';
import { AccessTokenVerifier } from './access-token-verifier.js';
import type { ResourceServerOptions } from './options.js';

/** Gives an API the {@link AccessTokenGuard}: `@UseGuards(AccessTokenGuard)`. Needs no database. @publicApi */
export class ResourceServerModule {
  /** Registers the guard for the whole application. @throws Error that names every invalid option */
  static forRoot(options: ResourceServerOptions): DynamicModule {
    const verifier = { provide: AccessTokenVerifier, useValue: new AccessTokenVerifier(options) };
    return moduleWith(verifier);
  }

  /**
   * Like {@link forRoot}, with options from a factory, such as `epochs` from the injected `SubjectEpochs`.
   */
  static forRootAsync({ imports = [], inject = [], useFactory }: ResourceServerAsyncOptions): DynamicModule {
    const verifier = {
      provide: AccessTokenVerifier,
      inject,
      useFactory: async (...injected: never[]) => new AccessTokenVerifier(await useFactory(...injected)),
    };
    return moduleWith(verifier, imports);
  }
}

const moduleWith = (verifier: Provider, imports: DynamicModule['imports'] = []): DynamicModule => ({
  module: ResourceServerModule,
  global: true,
  imports,
  providers: [verifier, AccessTokenGuard],
  exports: [AccessTokenVerifier, AccessTokenGuard],
});

/** Options of {@link ResourceServerModule.forRootAsync}. @publicApi */
export interface ResourceServerAsyncOptions {
  /** Modules that export what is injected. @default [] */
  imports?: NonNullable<DynamicModule['imports']>;
  /** Injection tokens of the factory's parameters. @default [] */
  inject?: Array<string | symbol | (abstract new (...args: never[]) => unknown)>;
  useFactory: (...injected: never[]) => ResourceServerOptions | Promise<ResourceServerOptions>;
}
