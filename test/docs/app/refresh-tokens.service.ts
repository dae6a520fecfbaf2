import { createHash, randomBytes } from 'node:crypto';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { SubjectEpochs } from '../../../src/module/index.js';
import type { Repository } from 'typeorm';
import { PeopleService } from './people.module.js';
import { EpochToken } from './epoch-token.entity.js';

@Injectable()
export class RefreshTokens {
  constructor(
    @InjectRepository(EpochToken) private readonly rows: Repository<EpochToken>,
    private readonly people: PeopleService,
    private readonly epochs: SubjectEpochs,
  ) {}

  async signIn(name: string, password: string): Promise<string> {
    const person = await this.people.findByName(name);
    if (!person) throw new UnauthorizedException();
    const epoch = await this.epochs.epochForSignIn(person.id); // before the password is checked
    if (!(await person.hasPassword(password))) throw new UnauthorizedException();
    return this.issue(person.id, String(epoch));
  }

  /** Returns the row of a token. Called each time a token is presented. */
  async find(token: string): Promise<EpochToken> {
    const row = await this.rows.findOneBy({ hash: sha256(token) });
    if (!row || !(await this.epochs.isCurrent(row.userId, row.epoch))) throw new UnauthorizedException();
    return row;
  }

  /** Replaces a token with a new one. */
  async refresh(token: string): Promise<string> {
    const { hash, userId, epoch } = await this.find(token);
    const { affected } = await this.rows.delete({ hash });
    if (affected !== 1) throw new UnauthorizedException();
    return this.issue(userId, epoch); // the epoch of the old token, never a new one
  }

  protected async issue(userId: string, epoch: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.rows.insert({ hash: sha256(token), userId, epoch });
    return token;
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
