import type { IncomingMessage } from 'node:http';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { accessTokenOf } from './access-token.js';
import { AccessTokenVerifier, rejectionOf } from './access-token-verifier.js';

/** Both adapters' responses have it. */
interface Reply {
  header(name: string, value: string): unknown;
}

/**
 * Guard for routes that need an access token, on Express and Fastify. For messages of a WebSocket, the connection must hold
 * a token that was verified when it was opened.
 *
 * Throws the verifier's errors, which Nest answers with their status; the guard sets `WWW-Authenticate` and `Retry-After`. A
 * message whose token has ended gets Nest's `Forbidden resource`.
 *
 * @publicApi
 */
export class AccessTokenGuard implements CanActivate {
  constructor(private readonly verifier: AccessTokenVerifier) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() === 'ws') return this.isHeld(context.switchToWs().getClient<object>());
    const request = context.switchToHttp().getRequest<IncomingMessage & { raw?: IncomingMessage }>();
    const raw = request.raw ?? request;
    try {
      await this.verifier.verify(raw);
      return true;
    } catch (error) {
      const { headers } = rejectionOf(error, raw.headers.authorization);
      const reply = context.switchToHttp().getResponse<Reply>();
      for (const [name, value] of Object.entries(headers)) reply.header(name, value);
      throw error;
    }
  }

  /** Returns false rather than an error, which Nest would put into the log for each message. */
  private async isHeld(client: object): Promise<boolean> {
    const token = accessTokenOf(client);
    return token !== undefined && this.verifier.isLive(token);
  }
}

// What the compiler writes for a class with a decorator: this entry point works without Nest, which brings the decorators.
(Reflect as Partial<typeof Reflect>).metadata?.('design:paramtypes', [AccessTokenVerifier])(AccessTokenGuard);
