import type { IncomingMessage, ServerResponse } from 'node:http';
import { Get, Logger, Req, Res } from '@nestjs/common';
import { nodeRequest, requestQuery, takeOver } from 'nestjs-global-revocation';
import type { DemoOptions } from './demo.options.js';
import type { Departure } from './oidc-client.js';
import { failedPage } from './pages/failed.page.js';
import { sendDemoPage, sendOn } from './send.js';
import { type Pending, recall, remember, type Visit, type Visits } from './visits.js';

/** The routes of an application to the provider and back. */
export abstract class SignInRoutes {
  /** Path of the application. */
  protected abstract readonly path: string;
  protected abstract readonly options: DemoOptions;
  protected abstract readonly visits: Visits;
  protected readonly logger = new Logger('Demo');

  /** Starts a sign-in. @param query of the link that the person followed */
  protected abstract depart(query: URLSearchParams): Promise<Departure>;
  /** Redeems the code that the browser brought back. @returns what the visit then holds */
  protected abstract redeem(
    reply: URLSearchParams,
    state: string,
    pending: Pending & { kind: 'sign-in' },
  ): Promise<Partial<Visit>>;

  @Get('sign-in')
  async leave(@Req() incoming: IncomingMessage, @Res() outgoing: ServerResponse): Promise<void> {
    const request = nodeRequest(incoming);
    const response = takeOver(outgoing);
    try {
      const { url, state, pending } = await this.depart(requestQuery(request.url));
      const visit = this.visits.of(request) ?? this.visits.begin();
      remember(visit, state, pending);
      sendOn(response, url.href, this.visits.cookie(visit));
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
    if (!pending || reply.get('iss') !== this.options.issuer)
      return this.failed(response, 400, 'This sign-in was not started in this browser, or it took too long.');
    if (pending.kind === 'silent') {
      this.hear(visit, reply);
      return sendOn(response, `/${this.path}`);
    }
    if (reply.has('error')) return this.failed(response, 200, 'You cancelled the sign-in.');
    try {
      const known = await this.redeem(reply, state, pending);
      sendOn(response, `/${this.path}`, this.visits.cookie(Object.assign(this.visits.begin(visit), known)));
    } catch (error) {
      this.failed(response, 502, 'The provider did not complete the sign-in.', error);
    }
  }

  /** Takes the answer to a silent question. An application that asks none gets no such answer. */
  protected hear(_visit: Visit, _reply: URLSearchParams): void {}

  protected failed(response: ServerResponse, status: number, message: string, error?: unknown): void {
    if (error) this.logger.warn(error);
    sendDemoPage(response, status, failedPage({ site: this.options, message, path: this.path }));
  }
}
