import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { SubjectEpochs } from 'nestjs-global-revocation';
import type { Repository } from 'typeorm';
import { issueAccessToken } from './access-token.js';
import { hashPassword, isPassword } from './passwords.js';
import { RefreshToken } from './refresh-token.entity.js';
import { User } from './user.entity.js';

export interface Tokens {
  accessToken: string;
  refreshToken: string;
}

const TWO_WEEKS_MS = 14 * 86_400_000;
const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex');

@Injectable()
export class AuthService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    @InjectRepository(RefreshToken) private readonly refreshTokens: Repository<RefreshToken>,
    private readonly epochs: SubjectEpochs,
  ) {}

  async signUp(login: string, email: string, password: string): Promise<{ id: string }> {
    const id = randomUUID();
    await this.users.insert({ id, login, email, password: await hashPassword(password) });
    return { id };
  }

  async signIn(login: string, password: string): Promise<Tokens> {
    const user = await this.users.findOneBy({ login });
    if (!user) throw new UnauthorizedException();
    // Rule 1: ask for the epoch before the password is checked.
    const epoch = await this.epochs.epochForSignIn(user.id);
    if (!(await isPassword(password, user.password))) throw new UnauthorizedException();
    return this.issue(user.id, String(epoch));
  }

  /** Exchanges a refresh token, which can be used once. */
  async refresh(refreshToken: string): Promise<Tokens> {
    const { hash, userId, epoch } = await this.find(refreshToken);
    const { affected } = await this.refreshTokens.delete({ hash });
    if (affected !== 1) throw new UnauthorizedException();
    // Rule 2: the new tokens copy the epoch of the old one.
    return this.issue(userId, epoch);
  }

  private async find(refreshToken: string): Promise<RefreshToken> {
    const row = await this.refreshTokens.findOneBy({ hash: sha256(refreshToken) });
    if (!row || Number(row.expiresAt) < Date.now()) throw new UnauthorizedException();
    // Rule 3: ask whether the epoch is current.
    if (!(await this.epochs.isCurrent(row.userId, row.epoch))) throw new UnauthorizedException();
    return row;
  }

  private async issue(userId: string, epoch: string): Promise<Tokens> {
    const refreshToken = randomBytes(32).toString('base64url');
    const expiresAt = String(Date.now() + TWO_WEEKS_MS);
    await this.refreshTokens.insert({ hash: sha256(refreshToken), userId, epoch, expiresAt });
    return { accessToken: await issueAccessToken({ userId, epoch }), refreshToken };
  }
}
