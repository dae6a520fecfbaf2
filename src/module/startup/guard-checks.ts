import type { Type } from '@nestjs/common';
import type { ApplicationConfig } from '@nestjs/core';
import { type Finding, warning } from './finding.js';

/** Prefix of the metadata key of `@SkipThrottle()`; the name of the throttler follows. */
const SKIP = 'THROTTLER:SKIP';

interface Throttler {
  name?: string;
}

/** The used part of a `ThrottlerGuard`. */
interface ThrottlerGuard {
  options: readonly Throttler[] | { throttlers: readonly Throttler[] };
}

/** Reports a global `ThrottlerGuard` that limits calls of the endpoint and answers them in its own format. */
export function guardFindings(config: ApplicationConfig, controller: Type): Finding[] {
  const guards: unknown[] = [
    ...config.getGlobalGuards(),
    ...config.getGlobalRequestGuards().map(({ instance }) => instance as unknown),
  ];
  const names = guards.filter(isThrottler).flatMap(throttlersOf);
  const counting = [...new Set(names)].filter((name) => Reflect.getMetadata(SKIP + name, controller) !== true);
  if (counting.length === 0) return [];
  const skip = counting.every((name) => name === 'default')
    ? 'SkipThrottle()'
    : `SkipThrottle({ ${[...new Set(names)].map((name) => `${keyOf(name)}: true`).join(', ')} })`;
  const message = `the global ThrottlerGuard limits calls of the endpoint, which has its own rate limits: add \`${skip}\` of @nestjs/throttler to \`controllerDecorators\``;
  return [warning('guards', message)];
}

/** Compares names, because the host may have another copy of the package or extend the class. */
function isThrottler(guard: unknown): guard is ThrottlerGuard {
  for (let type = (guard as object | null)?.constructor; type?.name; type = Object.getPrototypeOf(type) as typeof type)
    if (type.name === 'ThrottlerGuard') return true;
  return false;
}

function throttlersOf({ options }: ThrottlerGuard): string[] {
  const throttlers = 'throttlers' in options ? options.throttlers : options;
  return throttlers.map(({ name = 'default' }) => name);
}

const keyOf = (name: string): string => (/^[a-z_$][\w$]*$/i.test(name) ? name : JSON.stringify(name));
