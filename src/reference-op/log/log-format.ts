import { ecsFormat } from '@elastic/ecs-pino-format';
import { pino } from 'pino';

/** Formats of the log: JSON with the field names of the Elastic Common Schema, short lines of text, or no log. */
export const LOG_FORMATS = ['json', 'text', 'off'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export type Level = 'info' | 'warn' | 'error';
/** Writes a line with these fields, the time and the level. */
export type WriteLine = (level: Level, fields: object & { message: string }) => void;

/**
 * Writes lines to a stream.
 *
 * @param out standard output
 */
export function lineWriter(format: LogFormat, out: { write(text: string): unknown }): WriteLine {
  if (format === 'off') return () => {};
  if (format === 'text') return (level, fields) => void out.write(textLine(level, fields));
  const ecs = ecsFormat({ serviceName: 'global-revocation-op', apmIntegration: false });
  const log = pino({ ...ecs, base: {} }, out as { write(text: string): void });
  return (level, fields) => log[level](fields);
}

/** `12:34:56 warn  POST /global-token-revocation 404 unknownSubject demo-operator 12 ms` */
function textLine(level: Level, { message, ...fields }: { message: string }): string {
  const {
    'event.reason': reason,
    'user.id': user,
    'event.duration': duration,
    'error.stack_trace': stack,
  } = fields as Record<string, unknown>;
  const parts = [
    message,
    reason,
    user,
    duration === undefined ? undefined : `${Math.round(Number(duration) / 1e6)} ms`,
  ];
  const line = parts.filter((part) => typeof part === 'string').join(' ');
  const time = new Date().toTimeString().slice(0, 8);
  return `${time} ${level.padEnd(5)} ${line}\n${typeof stack === 'string' ? `${stack}\n` : ''}`;
}
