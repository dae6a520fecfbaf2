import type { LoggerService } from '@nestjs/common';
import { safeError } from 'nestjs-global-revocation';
import type { Level, WriteLine } from './log-format.js';

/** A Nest logger that writes to our log. The last argument from Nest is the name of the logger. */
export class NestLog implements LoggerService {
  constructor(private readonly line: WriteLine) {}

  /** Ignores Nest's messages about its own startup. */
  log(message: unknown, ...rest: unknown[]): void {
    if (typeof message === 'object') this.write('info', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  private write(level: Level, message: unknown, rest: unknown[]): void {
    const name = rest.at(-1);
    const stack = rest.length > 1 ? rest[0] : undefined;
    this.line(level, {
      ...fieldsOf(message),
      ...(typeof name === 'string' && { 'log.logger': name }),
      ...(typeof stack === 'string' && { 'error.stack_trace': safeError(stack).message }),
    });
  }
}

function fieldsOf(message: unknown): { message: string } {
  if (message instanceof Error) {
    const { message: text, stack } = safeError(message);
    return { message: text, ...(stack !== undefined && { 'error.stack_trace': stack }) };
  }
  if (typeof message === 'object' && message !== null) return { message: '', ...message };
  return { message: safeError(String(message)).message };
}
