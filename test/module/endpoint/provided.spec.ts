import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type ArgumentsHost,
  type CallHandler,
  Catch,
  type ExceptionFilter,
  type ExecutionContext,
  GoneException,
  type NestInterceptor,
} from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { type Observable, tap } from 'rxjs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  type AuditEvent,
  AuditEvents,
  type Caller,
  CallerAuthGuard,
  callerOf,
  FeatureFlagGuard,
  GLOBAL_REVOCATION_SCOPE,
  RateLimitGuard,
  RefusalFilter,
  Revocation,
  RevocationError,
  ScopeGuard,
} from '../../../src/module/index.js';
import { send } from './send.js';
import { basic } from '../../support/operator.js';
import {
  type AdapterName,
  adapters,
  type Host,
  type HostOptions,
  operator,
  registerCallers,
  startHost,
} from '../host.js';

const asOperator = { 'content-type': 'application/json', authorization: basic(operator.id, operator.secret) };
const body = '{"sub_id":{"format":"uid","id":"ann"}}';
const KEY = 'x-api-key';

/** Takes the host's API keys beside our credentials. */
class ApiKeys extends CallerAuthGuard {
  protected override countCredentials(request: IncomingMessage): number {
    return super.countCredentials(request) + (request.headers[KEY] === undefined ? 0 : 1);
  }

  protected override async authenticate(context: ExecutionContext): Promise<Caller> {
    const key = context.switchToHttp().getRequest<IncomingMessage>().headers[KEY];
    if (key === undefined) return super.authenticate(context);
    if (key !== 'the-key') throw new RevocationError('invalidClient');
    return { id: 'siem', method: 'api_key', keyId: 'k1', scopes: new Set([GLOBAL_REVOCATION_SCOPE]) };
  }
}

/** Nobody revokes without a ticket. */
class Ticketed extends ScopeGuard {
  protected override async mayRevoke(caller: Caller, context: ExecutionContext): Promise<boolean> {
    const { headers } = context.switchToHttp().getRequest<IncomingMessage>();
    return headers['x-ticket'] !== undefined && (await super.mayRevoke(caller, context));
  }
}

/** Asks what is not there. */
class Failing extends ScopeGuard {
  protected override mayRevoke(): Promise<boolean> {
    return Promise.reject(new Error('host db down'));
  }
}

/** Answers as on any route of the host. */
class Closed extends ScopeGuard {
  protected override mayRevoke(): Promise<boolean> {
    return Promise.reject(new GoneException('closed'));
  }
}

/** Fails when all is done. */
class FailingAtTheEnd implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      tap(() => {
        throw new Error('too late');
      }),
    );
  }
}

/** The host's own answer to everything that goes wrong. */
@Catch()
class Everything implements ExceptionFilter {
  catch(_error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<{ raw?: ServerResponse } & ServerResponse>();
    (response.raw ?? response).writeHead(418).end("the host's own");
  }
}

/** One caller is served whatever the flag says. */
class BreakGlass extends FeatureFlagGuard {
  protected override async isEnabled(context: ExecutionContext): Promise<boolean> {
    return callerOf(context).id === operator.id || super.isEnabled(context);
  }
}

/** All callers together may call once. */
class OneForAll extends RateLimitGuard {
  protected override trackerOf(): string {
    return 'everybody';
  }
}

/** Tells where help is. */
class Helpful extends RefusalFilter {
  protected override answer(refusal: RevocationError, host: ArgumentsHost, response: ServerResponse): void {
    response.setHeader('Link', '<https://op.example.com/help>; rel="help"');
    super.answer(refusal, host, response);
  }
}

describe.each(Object.keys(adapters) as AdapterName[])('a host that replaces a part, on %s', (adapter) => {
  let host: Host;
  const start = async (options: HostOptions): Promise<void> => {
    host = await startHost(adapter, options);
    await registerCallers(host);
  };
  afterEach(() => host.app.close());

  const call = async (headers: Record<string, string>) =>
    send(`${host.url}/global-token-revocation`, { headers: { 'content-type': 'application/json', ...headers }, body });
  const status = async (headers: Record<string, string>) => (await call(headers)).status;

  test('CallerAuthGuard: accepts the credentials of the host beside ours', async () => {
    await start({ extras: { providers: [{ provide: CallerAuthGuard, useClass: ApiKeys }] } });
    expect(await status({ [KEY]: 'the-key' })).toBe(204);
    expect(await status(asOperator)).toBe(204);
    expect(await status({ [KEY]: 'another' })).toBe(401);
    expect(await status({})).toBe(401);
    expect(await status({ ...asOperator, [KEY]: 'the-key' })).toBe(400);
    const records = await host.dataSource.getRepository(Revocation).find({ order: { createdAt: 'ASC' } });
    expect(records.map(({ actor, method }) => [actor, method])).toEqual([
      ['siem', 'api_key'],
      [operator.id, 'client_secret_basic'],
    ]);
  });

  test('ScopeGuard: requires more than the scope', async () => {
    await start({ extras: { providers: [{ provide: ScopeGuard, useClass: Ticketed }] } });
    expect(await status(asOperator)).toBe(403);
    expect(await status({ ...asOperator, 'x-ticket': '1' })).toBe(204);
  });

  test('FeatureFlagGuard: makes an exception while the flag is off', async () => {
    const providers = [
      { provide: FeatureFlagGuard, useClass: BreakGlass },
      { provide: CallerAuthGuard, useClass: ApiKeys },
    ];
    await start({ options: { featureFlags: { GLOBAL_TOKEN_REVOCATION: false } }, extras: { providers } });
    expect(await status(asOperator)).toBe(204);
    expect(await status({ [KEY]: 'the-key' })).toBe(403);
  });

  test('RateLimitGuard: counts in its own way', async () => {
    const providers = [
      { provide: RateLimitGuard, useClass: OneForAll },
      { provide: CallerAuthGuard, useClass: ApiKeys },
    ];
    await start({ options: { rateLimits: { calls: { limit: 1, ttlSeconds: 60 } } }, extras: { providers } });
    expect(await status(asOperator)).toBe(204);
    expect(await status({ [KEY]: 'the-key' })).toBe(429);
  });

  test('RefusalFilter: adds a header to each refusal after the middleware', async () => {
    await start({ async: true, extras: { providers: [{ provide: RefusalFilter, useClass: Helpful }] } });
    const { status, headers, body } = await call({});
    expect([status, headers['link']]).toEqual([401, '<https://op.example.com/help>; rel="help"']);
    expect(JSON.parse(body)).toMatchObject({ error: 'invalid_client' });
  });

  const heard = (): AuditEvent[] => {
    const events: AuditEvent[] = [];
    host.app.get(AuditEvents).subscribe((event) => events.push(event));
    return events;
  };

  test('a failing guard gives our 503, and only the event has the cause', async () => {
    const providers = [{ provide: APP_FILTER, useClass: Everything }];
    await start({ providers, extras: { providers: [{ provide: ScopeGuard, useClass: Failing }] } });
    const events = heard();
    const { status, headers, body } = await call(asOperator);
    expect([status, headers['retry-after'], JSON.parse(body)]).toEqual([
      503,
      '5',
      { error: 'temporarily_unavailable', error_description: 'try again later' },
    ]);
    await vi.waitFor(() => expect(events).toHaveLength(1));
    expect(events[0]).toMatchObject({
      'event.reason': 'unavailable',
      'error.message': 'host db down',
      'error.stack_trace': expect.stringContaining('provided.spec.ts') as string,
      'user.id': operator.id,
    });
  });

  test('an HttpException of a guard is the answer, and no parser or proxy is blamed', async () => {
    await start({ extras: { providers: [{ provide: ScopeGuard, useClass: Closed }] } });
    const events = heard();
    const { status, body } = await call(asOperator);
    expect([status, JSON.parse(body)]).toEqual([410, { statusCode: 410, message: 'closed', error: 'Gone' }]);
    await vi.waitFor(() => expect(events).toHaveLength(1));
    expect(events[0]).toMatchObject({ 'event.reason': 'other', 'http.response.status_code': 410 });
    expect(events[0]).not.toHaveProperty(['error.message']);
  });

  test('a failing interceptor after the 204 changes neither the answer nor the event', async () => {
    await start({ providers: [{ provide: APP_INTERCEPTOR, useClass: FailingAtTheEnd }] });
    const events = heard();
    expect(await status(asOperator)).toBe(204);
    await vi.waitFor(() => expect(events).toHaveLength(2));
    expect(events.map((event) => event['event.outcome'])).toEqual(['success', 'success']);
  });
});
