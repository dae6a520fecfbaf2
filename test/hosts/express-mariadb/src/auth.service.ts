import { createHash, randomBytes } from 'node:crypto';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { SubjectEpochs } from 'nestjs-global-revocation';
import type { Repository } from 'typeorm';
import { issueAccessToken } from './access-token.js';
import { isPassword } from './passwords.js';
import { RefreshToken } from './refresh-token.entity.js';
import { User } from './user.entity.js';

export interface Tokens {
  accessToken: string;
  refreshToken: string;
}

const DAY_MS = 86_400_000;
const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex');

/** Signs people in, and keeps them signed in. */
@Injectable()
export class AuthService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    @InjectRepository(RefreshToken) private readonly refreshTokens: Repository<RefreshToken>,
    private readonly epochs: SubjectEpochs,
  ) {}

  async signIn(login: string, password: string): Promise<Tokens> {
    const user = await this.users.findOneBy({ login });
    if (!user) throw new UnauthorizedException();
    // Before the password is checked: a revocation in the meantime ends what comes of this sign-in.
    const epoch = await this.epochs.epochForSignIn(String(user.id));
    if (!(await isPassword(password, user.passwordHash))) throw new UnauthorizedException();
    return this.issue(user.id, epoch);
  }

  /** A token is good once; what is made from it copies its epoch. */
  async refresh(refreshToken: string): Promise<Tokens> {
    const old = await this.refreshTokens.findOneBy({ hash: sha256(refreshToken) });
    const isLive =
      old && Number(old.expiresAt) > Date.now() && (await this.epochs.isCurrent(String(old.userId), old.epoch));
    if (!isLive) throw new UnauthorizedException();
    const { affected } = await this.refreshTokens.delete({ hash: old.hash });
    if (affected !== 1) throw new UnauthorizedException();
    return this.issue(old.userId, Number(old.epoch));
  }

  private async issue(userId: number, epoch: number): Promise<Tokens> {
    const refreshToken = randomBytes(32).toString('base64url');
    const expiresAt = String(Date.now() + 14 * DAY_MS);
    await this.refreshTokens.insert({ hash: sha256(refreshToken), userId, epoch: String(epoch), expiresAt });
    return { accessToken: await issueAccessToken({ subject: String(userId), epoch }), refreshToken };
  }
}
