import { Body, Controller, Get, Header, Post, Req, Res } from '@nestjs/common';
import Provider, { type InteractionResults } from 'oidc-provider';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PeopleService } from './people.service.js';

/** What Fastify hands to a handler. */
interface Request {
  raw: IncomingMessage;
}
interface Reply {
  raw: ServerResponse;
  hijack(): void;
}

@Controller('interaction/:uid')
export class InteractionController {
  constructor(
    private readonly provider: Provider,
    private readonly people: PeopleService,
  ) {}

  @Get()
  @Header('content-type', 'text/html')
  form(): string {
    return '<form method="post"><input name="email"><input name="password" type="password"><button>Sign in</button></form>';
  }

  /** Signs in, and allows everything that the client asks for. */
  @Post()
  async submit(
    @Req() { raw: request }: Request,
    @Res() reply: Reply,
    @Body() { email = '', password = '' }: Record<string, string>,
  ): Promise<void> {
    reply.hijack();
    const { params } = await this.provider.interactionDetails(request, reply.raw);
    const accountId = await this.people.signIn(email, password);
    if (!accountId) return void reply.raw.writeHead(401).end();
    const grant = new this.provider.Grant({ accountId, clientId: String(params['client_id']) });
    grant.addOIDCScope(String(params['scope']));
    const result: InteractionResults = { login: { accountId }, consent: { grantId: await grant.save() } };
    await this.provider.interactionFinished(request, reply.raw, result);
  }
}
