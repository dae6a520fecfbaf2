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

/** A route for which nobody has to be signed in. */
export const Public = () => SetMetadata(PUBLIC, true);

export interface SignedInRequest {
  headers: { authorization?: string };
  subject: string;
}

/** This application's `APP_GUARD`: every route needs somebody who is signed in, unless it is public. */
@Injectable()
export class SignedInGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly epochs: SubjectEpochs,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()])) return true;
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    const [scheme, token = ''] = request.headers.authorization?.split(' ') ?? [];
    const read = scheme === 'Bearer' ? await readAccessToken(token).catch(() => undefined) : undefined;
    // A JWT says nothing about revocations: its epoch is compared at every request.
    if (!read || !(await this.epochs.isCurrent(read.subject, read.epoch))) throw new UnauthorizedException();
    request.subject = read.subject;
    return true;
  }
}
