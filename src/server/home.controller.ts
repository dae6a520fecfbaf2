import type { ServerResponse } from 'node:http';
import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import { takeOver } from '../http-adapter.js';
import { sendPage } from '../op/page.js';
import { messagePage } from '../op/pages/message.page.js';

const message =
  'This is an OpenID Provider. Applications send people here to sign in; an operator can end everything a person has with one request.';
const link = { href: '/.well-known/openid-configuration', label: 'Discovery document' };

/** What somebody sees who opens the address in a browser. */
@Controller()
export class HomeController {
  @Get()
  home(@Res() response: ServerResponse): void {
    sendPage(takeOver(response), 200, messagePage({ title: 'Up and running', message, link }));
  }

  /** Browsers ask for it by themselves. */
  @Get('favicon.ico')
  @HttpCode(204)
  favicon(): void {}
}
