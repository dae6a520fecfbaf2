import { createHash, randomBytes } from 'node:crypto';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { SubjectEpochs } from '../../../src/module/index.js';
import type { Repository } from 'typeorm';
import { PeopleService } from './people.module.js';
import { StampedToken } from './stamped-token.entity.js';

@Injectable()
export class RefreshTokens {
  constructor(
    @InjectRepository(StampedToken) private readonly rows: Repository<StampedToken>,
    private readonly people: PeopleService,
    private readonly epochs: SubjectEpochs,
  ) {}

  async signIn(name: string, password: string): Promise<string> {
    const person = await this.people.findByName(name);
    if (!person) throw new UnauthorizedException();
    const stamp = await this.epochs.pin(person.id); // before the password is checked
    if (!(await person.hasPassword(password))) throw new UnauthorizedException();
    return this.issue(person.id, String(stamp));
  }

  /** Whose token it is. Asked each time one is presented. */
  async find(token: string): Promise<StampedToken> {
    const row = await this.rows.findOneBy({ hash: sha256(token) });
    if (!row || !(await this.epochs.isCurrent(row.userId, row.stamp))) throw new UnauthorizedException();
    return row;
  }

  /** A token for a token, which is used up. */
  async refresh(token: string): Promise<string> {
    const { hash, userId, stamp } = await this.find(token);
    const { affected } = await this.rows.delete({ hash });
    if (affected !== 1) throw new UnauthorizedException();
    return this.issue(userId, stamp); // the stamp it had: never one that is asked for now
  }

  protected async issue(userId: string, stamp: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.rows.insert({ hash: sha256(token), userId, stamp });
    return token;
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
