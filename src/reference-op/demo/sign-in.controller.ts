import type { ServerResponse } from 'node:http';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { takeOver } from 'nestjs-global-revocation';
import { DEMO_PATH, demoPeople } from '../demo-data.js';
import { DEMO_OPTIONS, type DemoOptions } from './demo.options.js';
import type { Departure } from './oidc-client.js';
import { Questions } from './questions.js';
import { RelyingParty } from './relying-party.js';
import { sendOn } from './send.js';
import { SignInRoutes } from './sign-in-routes.js';
import { type Pending, type Visit, Visits } from './visits.js';

/** The routes of the demo page to the provider and back. */
@Controller(DEMO_PATH)
export class SignInController extends SignInRoutes {
  protected readonly path = DEMO_PATH;

  constructor(
    @Inject(DEMO_OPTIONS) protected readonly options: DemoOptions,
    @Inject(RelyingParty) private readonly party: RelyingParty,
    @Inject(Questions) private readonly questions: Questions,
    @Inject(Visits) protected readonly visits: Visits,
  ) {
    super();
  }

  /** Ends the session only. The page then shows that both tokens still work. */
  @Get('sign-out')
  async signOut(@Res() outgoing: ServerResponse): Promise<void> {
    const response = takeOver(outgoing);
    try {
      sendOn(response, (await this.party.signOut()).href);
    } catch (error) {
      this.failed(response, 502, 'The provider did not answer.', error);
    }
  }

  protected depart(query: URLSearchParams): Promise<Departure> {
    const person = demoPeople.find(({ uid }) => uid === query.get('as'));
    return this.party.signIn(person?.uid);
  }

  protected async redeem(
    reply: URLSearchParams,
    state: string,
    pending: Pending & { kind: 'sign-in' },
  ): Promise<Partial<Visit>> {
    return { signIn: await this.party.redeem(reply, state, pending) };
  }

  protected override hear({ signIn }: Visit, reply: URLSearchParams): void {
    if (signIn) this.questions.hear(signIn, reply);
  }
}
