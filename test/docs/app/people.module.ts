import { Module } from '@nestjs/common';
import type { Account } from 'oidc-provider';

interface Person {
  id: string;
  hasPassword(password: string): Promise<boolean>;
}

export abstract class PeopleService {
  abstract find(id: string): Promise<Account | undefined>;
  abstract findByName(name: string): Promise<Person | undefined>;
}

@Module({})
export class PeopleModule {}
