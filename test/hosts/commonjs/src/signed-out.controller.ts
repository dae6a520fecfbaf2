import { Controller, Get, Injectable } from '@nestjs/common';
import { type RevocationEvent, type RevocationListener } from 'nestjs-global-revocation';

/** Remembers who was signed out, e.g. to close their identity providers. */
@Injectable()
export class SignedOut implements RevocationListener {
  readonly subjects: string[] = [];

  afterCommit({ subject }: RevocationEvent): void {
    this.subjects.push(subject);
  }
}

@Controller('signed-out')
export class SignedOutController {
  constructor(private readonly signedOut: SignedOut) {}

  @Get()
  read(): string[] {
    return this.signedOut.subjects;
  }
}
