import type { Server } from 'node:http';
import type { INestApplication, LoggerService } from '@nestjs/common';
import type Provider from 'oidc-provider';
import { AuditEvents } from 'nestjs-global-revocation';
import { OIDC_PROVIDER } from '../op/op.options.js';
import { settingsInWords } from '../settings/settings-description.js';
import type { Settings } from '../settings/settings.js';
import { startMessage } from '../start-message.js';
import { lineWriter, type WriteLine } from './log-format.js';
import { NestLog } from './nest-log.js';
import { watchProvider } from './provider-refusals.js';
import { logRequests } from './request-log.js';
import { routes } from './route.js';

/** The log of the reference server. */
export class ServerLog {
  /** The logger for Nest and its libraries. */
  readonly nest: LoggerService;
  private readonly line: WriteLine;

  constructor(
    private readonly settings: Settings,
    private readonly out: { write(text: string): unknown } = process.stdout,
  ) {
    this.line = lineWriter(settings.log, out);
    this.nest = new NestLog(this.line);
  }

  /** Writes a line for each request to the application, and for each revocation in process. Call it before `listen()`. */
  watch(app: INestApplication): void {
    watchProvider(app.get<Provider>(OIDC_PROVIDER));
    // As text, it writes only revocations and errors, which other lines would hide.
    const line: WriteLine = (level, fields) => {
      const isOrdinary = level === 'info' && (fields as { 'event.action'?: string })['event.action'] === 'http-request';
      if (this.settings.log === 'json' || !isOrdinary) this.line(level, fields);
    };
    logRequests(app.getHttpServer() as Server, line, routes(this.settings.path));
    app.get(AuditEvents).subscribe((event) => {
      const isUse = event['event.action'] === 'revoked-credential-used';
      if (isUse && this.settings.log === 'json') this.line('warn', event); // browsers ask often
      const isRevocation = ['user-revoked', 'realm-revoked'].includes(event['event.action']);
      if (isRevocation && event['gtr.method'] === 'in_process') this.line('info', event);
    });
  }

  /** Writes that the server is ready. */
  ready(): void {
    if (this.settings.log !== 'json') return void this.out.write(`${startMessage(this.settings)}\n`);
    const settings = Object.fromEntries(settingsInWords(this.settings));
    const ready = { message: `Ready: ${this.settings.issuer}`, 'gtr.settings': settings };
    this.line('info', ready);
  }
}
