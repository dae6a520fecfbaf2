import { table } from '../readme/marks.js';
import { type Declaration, type Declared, declarationOf } from './declarations.js';

/** The tables of options: the heading, and where they are declared. */
export const MODULE = [
  ['The options', 'src/module/options/global-revocation.options.ts', 'GlobalRevocationOptions'],
  ['Beside the options', 'src/module/global-revocation.module-definition.ts', 'EXTRAS'],
  ['`users`', 'src/module/options/user-source.options.ts', 'UserSource'],
  ['`targets`', 'src/module/options/revocation-target.options.ts', 'RevocationTarget'],
  ['`connections`', 'src/module/options/caller.options.ts', 'Connection'],
  ['`keys` of a connection', 'src/module/options/caller.options.ts', 'ConnectionKeys'],
  ['`limits` of a caller', 'src/module/options/caller.options.ts', 'CallerLimits'],
  ['`remoteJwks`', 'src/module/options/caller.options.ts', 'RemoteJwksOptions'],
  ['`mutualTls`', 'src/module/options/caller.options.ts', 'MutualTls'],
  ['`jwtAccessTokens`', 'src/module/options/caller.options.ts', 'JwtAccessTokens'],
  ['`rateLimits`', 'src/module/options/global-revocation.options.ts', 'RateLimits'],
  ['One of `rateLimits`', 'src/module/options/global-revocation.options.ts', 'RateLimit'],
] as const;

/** Headings and tables of everything that `forRoot` takes. */
export const optionTables = (): string[] =>
  MODULE.flatMap(([title, file, name]) => {
    const declaration = declarationOf(file, name);
    return [`### ${title}`, ...explained(declaration)];
  });

const TESTING = 'src/testing/options.ts';

/** Tables of what `startAuthorizationServer` takes. */
export const testingTables = (): string[] =>
  ['AuthorizationServerOptions', 'TestUser', 'TestClient'].flatMap((name) => explained(declarationOf(TESTING, name)));

/** What the declaration says about itself, and its properties. */
const explained = (declaration: Declaration): string[] => [meaningOf(declaration), optionTable(declaration)];

/** A row for each property. */
export const optionTable = ({ properties }: Declaration): string =>
  table(
    ['option', 'type', 'meaning', 'default'],
    properties.map((property) => [
      `\`${property.name}\``,
      property.type === undefined ? '' : `\`${cell(property.type)}\``,
      cell(meaningOf(property)),
      cell(defaultOf(property)),
    ]),
  );

/** With the sections it comes from. @throws Error for what nobody has explained */
export function meaningOf({ place, meaning, sources }: Declaration | Declared): string {
  if (meaning === '') throw new Error(`${place} has no doc comment`);
  return sources.length === 0 ? meaning : `${meaning} (${sources.join(', ')})`;
}

/** A value in code, else words. @throws Error for an option that may be left out and does not say what happens then */
export function defaultOf({ place, usual, optional, isOneOf }: Declared): string {
  if (usual === undefined && optional) throw new Error(`${place} may be left out and has no @default`);
  if (usual === undefined) return isOneOf ? 'one of these' : 'needed';
  return /^('.*'|\d+|true|false|\[.*\]|\{.*\}|[A-Z]+(_[A-Z]+)+)$/.test(usual) ? `\`${usual}\`` : usual;
}

/** A bar would begin the next cell, in code too. */
export const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);
