import {
  type CallHandler,
  type CanActivate,
  Catch,
  type ExceptionFilter,
  type ExecutionContext,
  ForbiddenException,
  Injectable,
  type ArgumentsHost,
  type NestInterceptor,
  type PipeTransform,
  SetMetadata,
  ValidationPipe,
  VersioningType,
} from '@nestjs/common';
import {
  APP_FILTER,
  APP_GUARD,
  APP_INTERCEPTOR,
  APP_PIPE,
  HttpAdapterHost,
  Reflector,
  RouterModule,
} from '@nestjs/core';
import { map, type Observable } from 'rxjs';
import { GlobalRevocationModule } from '../../src/module/index.js';
import type { AdapterName, HostOptions } from './host.js';

/** A way in which hosts are composed, and where the endpoint answers then. */
export interface Habit extends HostOptions {
  path?: string;
  /** Where it must not answer: `404` of the host. */
  notAt?: string;
  /** Headers a caller must send. */
  headers?: Record<string, string>;
  only?: AdapterName;
}

const IS_PUBLIC = 'isPublic';
/** The host's own decorator for routes that its guard lets through. */
const Public = () => SetMetadata(IS_PUBLIC, true);

/** Refuses everybody whose route is not marked public. */
@Injectable()
export class JwtGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, [context.getHandler(), context.getClass()])) return true;
    throw new ForbiddenException('the host wants a JWT');
  }
}

/** `{ data: … }` around every answer. */
class Wrap implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data: unknown) => ({ data, wrapped: true })));
  }
}

/** Answers whatever goes wrong in the host's own words. */
@Catch()
@Injectable()
class CatchAll implements ExceptionFilter {
  constructor(private readonly host: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const body = { oops: String(error) };
    this.host.httpAdapter.reply(host.switchToHttp().getResponse(), body, 418);
  }
}

/** Makes every object that comes in anew. */
class Rebuild implements PipeTransform {
  transform(value: unknown): unknown {
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : String(value);
  }
}

const strict = () =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    transformOptions: { enableImplicitConversion: true },
    validateCustomDecorators: true,
  });

const HERE = '/global-token-revocation';

export const habits: Record<string, Habit> = {
  'path of its own': { extras: { path: '/oauth/revoke-user/' }, path: '/oauth/revoke-user', notAt: HERE },
  'forRootAsync, global': { async: true, extras: { isGlobal: true } },
  'global prefix': { configure: (app) => app.setGlobalPrefix('api'), path: `/api${HERE}`, notAt: HERE },
  'global prefix with slashes, of two segments': {
    configure: (app) => app.setGlobalPrefix('/auth/api/'),
    path: `/auth/api${HERE}`,
  },
  'global prefix that leaves us out': {
    configure: (app) => app.setGlobalPrefix('api', { exclude: [HERE] }),
    notAt: `/api${HERE}`,
  },
  'global prefix that leaves others out': {
    configure: (app) => app.setGlobalPrefix('api', { exclude: ['host', 'global'] }),
    path: `/api${HERE}`,
  },
  'global prefix that is the path of the issuer': {
    configure: (app) => app.setGlobalPrefix('auth'),
    issuerPath: '/auth',
    path: `/auth${HERE}`,
  },
  'URI versions with a default': {
    configure: (app) => app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }),
    notAt: `/v1${HERE}`,
  },
  'URI versions, one for us': {
    configure: (app) => app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }),
    extras: { version: '2' },
    path: `/v2${HERE}`,
    notAt: HERE,
  },
  'URI versions, prefix, and a prefix of versions': {
    configure: (app) => app.setGlobalPrefix('api').enableVersioning({ type: VersioningType.URI, prefix: 'ver-' }),
    extras: { version: ['7', '8'] },
    path: `/api/ver-7${HERE}`,
  },
  'a version, but versions are off': { extras: { version: '2' } },
  'header versions with a default': {
    configure: (app) => app.enableVersioning({ type: VersioningType.HEADER, header: 'X-Version', defaultVersion: '1' }),
  },
  'header versions, sent': {
    configure: (app) => app.enableVersioning({ type: VersioningType.HEADER, header: 'X-Version', defaultVersion: '1' }),
    headers: { 'X-Version': '9' },
  },
  'media type versions with a default': {
    configure: (app) => app.enableVersioning({ type: VersioningType.MEDIA_TYPE, key: 'v=', defaultVersion: '1' }),
  },
  RouterModule: {
    imports: [RouterModule.register([{ path: 'tenants/x', module: GlobalRevocationModule }])],
    path: `/tenants/x${HERE}`,
    notAt: HERE,
  },
  'RouterModule, prefix and version': {
    imports: [RouterModule.register([{ path: 'x', module: GlobalRevocationModule }])],
    configure: (app) => app.setGlobalPrefix('api').enableVersioning({ type: VersioningType.URI }),
    extras: { version: '3' },
    path: `/api/v3/x${HERE}`,
  },
  'ValidationPipe, as strict as can be': { configure: (app) => app.useGlobalPipes(strict()) },
  'a pipe that makes everything anew': { configure: (app) => app.useGlobalPipes(new Rebuild()) },
  'a filter that catches everything': { providers: [{ provide: APP_FILTER, useClass: CatchAll }] },
  'an interceptor that wraps every answer': { configure: (app) => app.useGlobalInterceptors(new Wrap()) },
  'a guard that refuses all but public routes': {
    providers: [{ provide: APP_GUARD, useClass: JwtGuard }],
    extras: { controllerDecorators: [Public()] },
  },
  'all of these, as providers': {
    providers: [
      { provide: APP_GUARD, useClass: JwtGuard },
      { provide: APP_PIPE, useFactory: strict },
      { provide: APP_INTERCEPTOR, useClass: Wrap },
      { provide: APP_FILTER, useClass: CatchAll },
    ],
    extras: { controllerDecorators: [Public()] },
  },
  'raw bodies': { create: { rawBody: true } },
  'no body parser': { create: { bodyParser: false } },
  'body parsers for ten bytes': {
    configure: (app) => {
      app.useBodyParser('json', { limit: '10b' });
      app.useBodyParser('urlencoded', { limit: '10b', extended: true });
    },
    only: 'express',
  },
  'body parser for ten bytes': {
    configure: (app) => {
      app.useBodyParser('application/json', { bodyLimit: 10 });
    },
    only: 'fastify',
  },
  'body parser that takes everything for text': {
    configure: (app) => {
      app.useBodyParser('text', { type: '*/*' });
    },
    only: 'express',
  },
  CORS: { create: { cors: true } },
  'shutdown hooks and CORS with credentials': {
    configure: (app) => {
      app.enableCors({ origin: true, credentials: true });
      app.enableShutdownHooks([]);
    },
  },
};
