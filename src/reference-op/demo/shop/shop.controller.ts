import type { IncomingMessage, ServerResponse } from 'node:http';
import { Body, Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { nodeRequest, takeOver } from 'nestjs-global-revocation';
import { DEMO_SHOP_PATH } from '../../demo-data.js';
import { DEMO_OPTIONS, type DemoOptions } from '../demo.options.js';
import type { Departure } from '../oidc-client.js';
import { shopPage } from '../pages/shop.page.js';
import { sendDemoPage } from '../send.js';
import { SignInRoutes } from '../sign-in-routes.js';
import type { Pending, Visit } from '../visits.js';
import { ShopClient } from './shop-client.js';
import { ShopSessions } from './shop-sessions.js';
import { ShopVisits } from './shop-visits.js';

/** A second application with sessions of its own. It never asks the provider: it is told. */
@Controller(DEMO_SHOP_PATH)
export class ShopController extends SignInRoutes {
  protected readonly path = DEMO_SHOP_PATH;

  constructor(
    @Inject(DEMO_OPTIONS) protected readonly options: DemoOptions,
    @Inject(ShopClient) private readonly client: ShopClient,
    @Inject(ShopSessions) private readonly sessions: ShopSessions,
    @Inject(ShopVisits) protected readonly visits: ShopVisits,
  ) {
    super();
  }

  @Get()
  show(@Req() incoming: IncomingMessage, @Res() outgoing: ServerResponse): void {
    const session = this.visits.of(nodeRequest(incoming))?.shop;
    sendDemoPage(takeOver(outgoing), 200, shopPage({ site: this.options, session }));
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

  protected depart(): Promise<Departure> {
    return this.client.signIn();
  }

  protected async redeem(
    reply: URLSearchParams,
    state: string,
    pending: Pending & { kind: 'sign-in' },
  ): Promise<Partial<Visit>> {
    return { shop: this.sessions.begin(await this.client.redeem(reply, state, pending)) };
  }
}
