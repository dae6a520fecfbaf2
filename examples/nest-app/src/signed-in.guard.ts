import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  SetMetadata,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { SubjectEpochs } from 'nestjs-global-revocation';
import { readAccessToken } from './access-token.js';

const PUBLIC = 'public';

/** For routes that nobody has to sign in for. */
export const Public = () => SetMetadata(PUBLIC, true);

export interface SignedInRequest {
  headers: { authorization?: string };
  userId: string;
}

/** The global guard: every route needs an access token, unless it is public. */
@Injectable()
export class SignedInGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly epochs: SubjectEpochs,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()])) return true;
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    const [scheme, value = ''] = request.headers.authorization?.split(' ') ?? [];
    const token = scheme === 'Bearer' ? await readAccessToken(value).catch(() => undefined) : undefined;
    // Rule 3 again: the signature says nothing about revocations.
    if (!token || !(await this.epochs.isCurrent(token.userId, token.epoch))) throw new UnauthorizedException();
    request.userId = token.userId;
    return true;
  }
}
