import type { IncomingMessage, ServerResponse } from 'node:http';
import { Body, Controller, Get, Header, Inject, Post, Req, Res } from '@nestjs/common';
import { nodeRequest, requestQuery, takeOver } from 'nestjs-global-revocation';
import { DEMO_PATH } from '../demo-data.js';
import { DEMO_OPTIONS, type DemoOptions } from './demo.options.js';
import { JwtApi } from './jwt-api.js';
import { Operator } from './operator.js';
import { livePage } from './pages/live.page.js';
import { script } from './pages/script.js';
import { startPage } from './pages/start.page.js';
import { conclude, Questions } from './questions.js';
import { RelyingParty } from './relying-party.js';
import { sendDemoPage, sendOn } from './send.js';
import { remember, type Visit, Visits } from './visits.js';

/** The demo page. Its script requests the same URL again, and so does a browser without scripts. */
@Controller(DEMO_PATH)
export class DemoController {
  constructor(
    @Inject(DEMO_OPTIONS) private readonly options: DemoOptions,
    @Inject(RelyingParty) private readonly party: RelyingParty,
    @Inject(Questions) private readonly questions: Questions,
    @Inject(JwtApi) private readonly jwtApi: JwtApi,
    @Inject(Operator) private readonly operator: Operator,
    @Inject(Visits) private readonly visits: Visits,
  ) {}

  @Get()
  async show(@Req() incoming: IncomingMessage, @Res() outgoing: ServerResponse): Promise<void> {
    const request = nodeRequest(incoming);
    const response = takeOver(outgoing);
    const site = this.options;
    const visit = this.visits.of(request);
    if (!visit?.signIn) return sendDemoPage(response, 200, startPage({ site }));
    const { signIn, csrf, outcome } = visit;
    const [detour] = await Promise.all([this.ask(visit), this.jwtApi.ask(signIn)]);
    if (detour) return sendOn(response, detour.href);
    const curl = this.operator.curl(signIn.person);
    const isStill = requestQuery(request.url).has('still');
    sendDemoPage(
      response,
      200,
      livePage({ site, withinSeconds: site.jwtApi?.withinSeconds ?? 0, signIn, csrf, curl, outcome, isStill }),
    );
  }

  @Post('revoke')
  async revoke(
    @Req() incoming: IncomingMessage,
    @Res() outgoing: ServerResponse,
    @Body() form: Record<string, unknown> = {},
  ): Promise<void> {
    const visit = this.visits.of(nodeRequest(incoming));
    const response = takeOver(outgoing);
    if (visit?.signIn && form['csrf'] === visit.csrf) {
      visit.outcome = await this.operator.revoke(visit.signIn.person);
      visit.signIn.answers.access.askedAt = 0; // the earlier answer is out of date
    }
    sendOn(response, `/${DEMO_PATH}`);
  }

  @Get('demo.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  @Header('Cache-Control', 'no-cache')
  script(): string {
    return script;
  }

  /** Asks what the server can ask; returns the URL at which the browser must ask the rest. */
  private async ask(visit: Visit): Promise<URL | undefined> {
    const { signIn } = visit;
    if (!signIn || signIn.endedAt !== undefined) return undefined;
    const isSessionDue = await this.questions.ask(signIn);
    try {
      if (isSessionDue) {
        const { url, state, pending } = await this.party.silent(signIn);
        remember(visit, state, pending);
        return url;
      }
    } catch {
      this.questions.hear(signIn, undefined);
    }
    conclude(signIn);
    return undefined;
  }
}
