import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { OidcRevocation } from 'nestjs-global-revocation/oidc-provider';
import type { Account } from 'oidc-provider';
import type { Repository } from 'typeorm';
import { isPassword } from './passwords.js';
import { Person } from './person.entity.js';

@Injectable()
export class PeopleService {
  constructor(
    @InjectRepository(Person) private readonly people: Repository<Person>,
    private readonly revocation: OidcRevocation,
  ) {}

  /** @returns account id, or undefined if the address or the password is wrong */
  async signIn(email: string, password: string): Promise<string | undefined> {
    const person = await this.people.findOneBy({ email });
    if (!person) return undefined;
    // Before the password is checked: a revocation in the meantime ends this sign-in too.
    await this.revocation.epochForSignIn(person.id);
    return (await isPassword(password, person.password)) ? person.id : undefined;
  }

  /** oidc-provider's `findAccount`. */
  async find(id: string): Promise<Account | undefined> {
    const person = await this.people.findOneBy({ id });
    return person ? { accountId: id, claims: () => ({ sub: id, email: person.email }) } : undefined;
  }
}
