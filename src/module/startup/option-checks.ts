import type { Provider } from '@nestjs/common';
import { GLOBAL_REVOCATION_OPTIONS, type GlobalRevocationOptions } from '../options/global-revocation.options.js';
import { unknownName } from '../options/option-names.js';
import { type Members, membersOf, type Rule, type Rules, shapeOf } from './option-rules.js';
import { OPTIONS } from './option-shapes.js';

/**
 * The provider of the options, which gives nobody any that cannot be so, whatever `startChecks` says; any other as it is.
 *
 * @param extras names of what `forRoot` and `forRootAsync` take beside the options
 */
export function checkedProvider(provider: Provider, extras: readonly string[]): Provider {
  if (typeof provider === 'function' || provider.provide !== GLOBAL_REVOCATION_OPTIONS) return provider;
  const check = (given: unknown) => checkedOptions(given, extras);
  if ('useValue' in provider) return { provide: provider.provide, useFactory: () => check(provider.useValue) };
  if (!('useFactory' in provider)) return provider;
  return { ...provider, useFactory: async (...injected: unknown[]) => check(await provider.useFactory(...injected)) };
}

/**
 * What `forRoot` and `forRootAsync` take beside the options, where it is given.
 *
 * @param names every name there may be; undefined: the options stand beside them
 * @throws Error that names what cannot be so
 */
export function checkedMembers<T extends object>(rules: Rules<T>, given: T, names?: readonly string[]): Partial<T> {
  const problems: string[] = [];
  const unknown = names && unknownName(given, names);
  if (unknown !== undefined) problems.push(`forRootAsync ${unknown}`);
  const members = membersOf(given as Members, rules as Record<string, Rule>, '', problems);
  refuse(problems);
  return members as Partial<T>;
}

/** The options as they are used: without members that are undefined. */
function checkedOptions(given: unknown, extras: readonly string[]): GlobalRevocationOptions {
  const problems: string[] = [];
  const rules = { ...OPTIONS, ...Object.fromEntries(extras.map((name) => [name, beside])) };
  const options = shapeOf(rules, 'issuer')(given, '', problems);
  refuse(problems);
  return options as GlobalRevocationOptions;
}

const beside: Rule = (_value, name, problems) =>
  problems.push(
    `${name} stands beside the factory, not in what it returns: forRootAsync({ ${name}: …, useFactory: … })`,
  );

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(`GlobalRevocationModule: ${problems.join('\n')}`);
}
