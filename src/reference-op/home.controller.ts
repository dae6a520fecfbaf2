import type { ServerResponse } from 'node:http';
import { Controller, Get, HttpCode, Inject, Res } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { takeOver } from 'nestjs-global-revocation';
import { sendPage } from './op/page.js';
import { messagePage } from './op/pages/message.page.js';
import { DEMO_PATH } from './demo-data.js';
import type { Settings } from './settings/settings.js';

const message =
  'This is an OpenID Provider. Applications send people here to sign in. One request ends every session and token of a person.';
const discovery = { href: '/.well-known/openid-configuration', label: 'Discovery document' };
const demo = { href: `/${DEMO_PATH}`, label: 'Open the demo' };

/** The start page. */
@Controller()
export class HomeController {
  constructor(@Inject(ConfigService) private readonly config: ConfigService<Settings, true>) {}

  @Get()
  home(@Res() response: ServerResponse): void {
    const link = this.config.get('production', { infer: true }) ? discovery : demo;
    sendPage(takeOver(response), 200, messagePage({ title: 'Up and running', message, link }));
  }

  /** Browsers request it automatically. */
  @Get('favicon.ico')
  @HttpCode(204)
  favicon(): void {}
}
