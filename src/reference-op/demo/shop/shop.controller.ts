import type { IncomingMessage, ServerResponse } from 'node:http';
import { Body, Controller, Get, Inject, Logger, Post, Req, Res } from '@nestjs/common';
import { nodeRequest, requestQuery, takeOver } from 'nestjs-global-revocation';
import { DEMO_SHOP_PATH } from '../../demo-data.js';
import { DEMO_OPTIONS, type DemoOptions } from '../demo.options.js';
import { failedPage } from '../pages/failed.page.js';
import { shopPage } from '../pages/shop.page.js';
import { sendDemoPage, sendOn } from '../send.js';
import { recall, remember } from '../visits.js';
import { ShopClient } from './shop-client.js';
import { ShopSessions } from './shop-sessions.js';
import { ShopVisits } from './shop-visits.js';

/** A second application with sessions of its own. It never asks the provider: it is told. */
@Controller(DEMO_SHOP_PATH)
export class ShopController {
  private readonly logger = new Logger('Demo');

  constructor(
    @Inject(DEMO_OPTIONS) private readonly options: DemoOptions,
    @Inject(ShopClient) private readonly client: ShopClient,
    @Inject(ShopSessions) private readonly sessions: ShopSessions,
    @Inject(ShopVisits) private readonly visits: ShopVisits,
  ) {}

  @Get()
  show(@Req() incoming: IncomingMessage, @Res() outgoing: ServerResponse): void {
    const session = this.visits.of(nodeRequest(incoming))?.shop;
    sendDemoPage(takeOver(outgoing), 200, shopPage({ site: this.options, session }));
  }

  @Get('sign-in')
  async leave(@Req() incoming: IncomingMessage, @Res() outgoing: ServerResponse): Promise<void> {
    const response = takeOver(outgoing);
    try {
      const { url, state, pending } = await this.client.signIn();
      const visit = this.visits.of(nodeRequest(incoming)) ?? this.visits.begin();
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
    if (pending?.kind !== 'sign-in' || reply.get('iss') !== this.options.issuer)
      return this.failed(response, 400, 'This sign-in was not started in this browser, or it took too long.');
    if (reply.has('error')) return this.failed(response, 200, 'You cancelled the sign-in.');
    try {
      const shop = this.sessions.begin(await this.client.redeem(reply, state, pending));
      sendOn(response, `/${DEMO_SHOP_PATH}`, this.visits.cookie(Object.assign(this.visits.begin(visit), { shop })));
    } catch (error) {
      this.failed(response, 502, 'The provider did not complete the sign-in.', error);
    }
  }

  /** Stays open until the session ends, so that the page need not ask. */
  @Get('events')
  events(@Req() incoming: IncomingMessage, @Res() outgoing: ServerResponse): void {
    const session = this.visits.of(nodeRequest(incoming))?.shop;
    const response = takeOver(outgoing);
    if (session) this.sessions.watch(session, response);
    else response.writeHead(204).end(); // the browser does not try again
  }

  /** @see OpenID.Back-Channel §2.5, §2.8 */
  @Post('backchannel-logout')
  async logOut(@Res() outgoing: ServerResponse, @Body() form: Record<string, unknown> = {}): Promise<void> {
    const response = takeOver(outgoing);
    const answer = (status: number): unknown => response.writeHead(status, { 'Cache-Control': 'no-store' }).end();
    try {
      this.sessions.end(await this.client.verify(String(form['logout_token'])));
      answer(200);
    } catch (error) {
      this.logger.warn(error);
      answer(400);
    }
  }

  private failed(response: ServerResponse, status: number, message: string, error?: unknown): void {
    if (error) this.logger.warn(error);
    sendDemoPage(response, status, failedPage({ site: this.options, message, path: DEMO_SHOP_PATH }));
  }
}
