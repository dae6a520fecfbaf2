import type { IncomingMessage } from 'node:http';
import { type ArgumentsHost, Catch, Inject, Injectable, NotFoundException } from '@nestjs/common';
import { BaseExceptionFilter, HttpAdapterHost } from '@nestjs/core';
import { type AdapterResponse, takeOver } from 'nestjs-global-revocation';
import { sendPage } from './op/page.js';
import { messagePage } from './op/pages/message.page.js';

const PAGE = messagePage({
  title: 'Page not found',
  message: 'There is nothing at this address.',
  link: { href: '/', label: 'Go to the start page' },
});

/** Answers browsers with a page if the URL is unknown. Programs get Nest's default answer. */
@Injectable()
@Catch(NotFoundException)
export class NotFoundPage extends BaseExceptionFilter<NotFoundException> {
  constructor(@Inject(HttpAdapterHost) { httpAdapter }: HttpAdapterHost) {
    super(httpAdapter);
  }

  override catch(error: NotFoundException, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const { accept = '' } = http.getRequest<IncomingMessage>().headers;
    if (!accept.includes('text/html')) return super.catch(error, host);
    sendPage(takeOver(http.getResponse<AdapterResponse>()), 404, PAGE);
  }
}
