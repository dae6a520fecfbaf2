import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, Inject, Logger, Req, Res } from '@nestjs/common';
import { nodeRequest, requestQuery, takeOver } from 'nestjs-global-revocation';
import { DEMO_PATH, demoPeople } from '../demo-data.js';
import { DEMO_OPTIONS, type DemoOptions } from './demo.options.js';
import { failedPage } from './pages/failed.page.js';
import { Questions } from './questions.js';
import { RelyingParty } from './relying-party.js';
import { sendDemoPage, sendOn } from './send.js';
import { recall, remember, Visits } from './visits.js';

/** The routes to the provider and back. */
@Controller(DEMO_PATH)
export class SignInController {
  private readonly logger = new Logger('Demo');

  constructor(
    @Inject(DEMO_OPTIONS) private readonly options: DemoOptions,
    @Inject(RelyingParty) private readonly party: RelyingParty,
    @Inject(Questions) private readonly questions: Questions,
    @Inject(Visits) private readonly visits: Visits,
  ) {}

  @Get('sign-in')
  async leave(@Req() incoming: IncomingMessage, @Res() outgoing: ServerResponse): Promise<void> {
    const request = nodeRequest(incoming);
    const response = takeOver(outgoing);
    try {
      const as = requestQuery(request.url).get('as');
      const person = demoPeople.find(({ uid }) => uid === as);
      const { url, state, pending } = await this.party.signIn(person?.uid);
      const visit = this.visits.of(request) ?? this.visits.begin();
      remember(visit, state, pending);
      sendOn(response, url.href, this.visits.cookie(visit));
    } catch (error) {
      this.failed(response, 502, 'The provider did not answer.', error);
    }
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

  @Get('callback')
  async comeBack(@Req() incoming: IncomingMessage, @Res() outgoing: ServerResponse): Promise<void> {
    const request = nodeRequest(incoming);
    const response = takeOver(outgoing);
    const reply = requestQuery(request.url);
    const state = reply.get('state') ?? '';
    const visit = this.visits.of(request);
    const pending = visit && recall(visit, state);
    // The issuer in the answer prevents mix-ups between providers. RFC 9207 §2.4
    if (!pending || reply.get('iss') !== this.options.issuer) {
      return this.failed(response, 400, 'This sign-in was not started in this browser, or it took too long.');
    }
    if (pending.kind === 'silent') {
      if (visit.signIn) this.questions.hear(visit.signIn, reply);
      return sendOn(response, `/${DEMO_PATH}`);
    }
    if (reply.has('error')) return this.failed(response, 200, 'You cancelled the sign-in.');
    try {
      const signIn = await this.party.redeem(reply, state, pending);
      const next = Object.assign(this.visits.begin(visit), { signIn });
      sendOn(response, `/${DEMO_PATH}`, this.visits.cookie(next));
    } catch (error) {
      this.failed(response, 502, 'The provider did not complete the sign-in.', error);
    }
  }

  private failed(response: ServerResponse, status: number, message: string, error?: unknown): void {
    if (error) this.logger.warn(error);
    sendDemoPage(response, status, failedPage({ site: this.options, message }));
  }
}
