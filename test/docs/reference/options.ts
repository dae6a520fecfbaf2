import { type Declaration, type Declared, declarationOf } from './declarations.js';
import { withLinks } from './specifications.js';

/** Sections of the page on options: heading, prefix of the headings of its options, and where they are declared. */
export const MODULE = [
  ['Endpoint', '', 'src/module/options/endpoint.options.ts', 'EndpointOptions'],
  ['Metadata', '', 'src/module/options/metadata.options.ts', 'MetadataOptions'],
  ['Users', '', 'src/module/options/users.options.ts', 'UserOptions'],
  ['Identity providers', '', 'src/module/options/identity-providers.options.ts', 'IdentityProviderOptions'],
  ['Public keys', '', 'src/module/options/public-keys.options.ts', 'PublicKeyOptions'],
  ['Access tokens', '', 'src/module/options/access-tokens.options.ts', 'AccessTokenOptions'],
  ['Rate limits', '', 'src/module/options/rate-limits.options.ts', 'RateLimitOptions'],
  ['Tables of the application', '', 'src/module/options/targets.options.ts', 'TargetOptions'],
  ['Sweep', '', 'src/module/options/sweep.options.ts', 'SweepOptions'],
  ['Notifications', '', 'src/module/options/notifications.options.ts', 'NotificationOptions'],
  ['Audit', '', 'src/module/options/audit.options.ts', 'AuditOptions'],
  ['Database', '', 'src/module/options/database.options.ts', 'DatabaseOptions'],
  ['Status lists', '', 'src/module/options/status-lists.options.ts', 'StatusListOptions'],
  ['Startup', '', 'src/module/options/startup.options.ts', 'StartupOptions'],
  ['Options that shape the module', '', 'src/module/global-revocation.module-extras.ts', 'EXTRAS'],
  ['The option metadata', 'metadata.', 'src/module/options/metadata.options.ts', 'ServedMetadata'],
  ['The option users', 'users.', 'src/module/options/users.options.ts', 'UserSource'],
  ['The option targets', 'targets[].', 'src/module/options/targets.options.ts', 'RevocationTarget'],
  [
    'The option identityProviders',
    'identityProviders[].',
    'src/module/options/identity-providers.options.ts',
    'IdentityProvider',
  ],
  [
    'Keys of an identity provider',
    'identityProviders[].keys.',
    'src/module/options/identity-providers.options.ts',
    'IdentityProviderKeys',
  ],
  [
    'Restrictions of a caller',
    'restrictions.',
    'src/module/options/caller-restrictions.options.ts',
    'CallerRestrictions',
  ],
  ['The option remoteJwks', 'remoteJwks.', 'src/module/options/public-keys.options.ts', 'RemoteJwksOptions'],
  ['The option mutualTls', 'mutualTls.', 'src/module/options/access-tokens.options.ts', 'MutualTls'],
  ['The option jwtAccessTokens', 'jwtAccessTokens.', 'src/module/options/access-tokens.options.ts', 'JwtAccessTokens'],
  ['The option notifications', 'notifications.', 'src/module/options/notifications.options.ts', 'Notifications'],
  ['The option statusLists', 'statusLists.', 'src/module/options/status-lists.options.ts', 'StatusListSettings'],
  ['The option rateLimits', 'rateLimits.', 'src/module/options/rate-limits.options.ts', 'RateLimits'],
  ['A rate limit', 'rateLimits.*.', 'src/module/options/rate-limits.options.ts', 'RateLimit'],
] as const;

const TESTING = 'src/testing/options.ts';

/** Sections of the page on the options of the test kit. */
const TEST_KIT = [
  ['Options', '', TESTING, 'AuthorizationServerOptions'],
  ['A user', 'users[].', TESTING, 'TestUser'],
  ['A client', 'clients[].', TESTING, 'TestClient'],
] as const;

/** The page on everything that `forRoot` takes. */
export const optionsPage = (): string =>
  pageOf(
    'Options',
    'Everything that `GlobalRevocationModule.forRoot()` and `forRootAsync()` take. Start with the guide ' +
      '[Add it to a Nest application](../guides/nest-application.md); this page is for looking things up.',
    MODULE,
  );

/** The page on everything that `startAuthorizationServer` takes. */
export const testKitPage = (): string =>
  pageOf(
    'Options of the test kit',
    'Everything that `startAuthorizationServer()` takes. The guide is [End-to-end tests](../guides/testing.md).',
    TEST_KIT,
  );

type Section = readonly [title: string, prefix: string, file: string, name: string];

/** Written at the top of a page that nobody edits. */
export const GENERATED = '<!-- Written by `npm run reference` from the source. Do not edit this page. -->';

function pageOf(title: string, introduction: string, sections: readonly Section[]): string {
  const parts = sections.map(([heading, prefix, file, name]) => sectionOf(heading, prefix, declarationOf(file, name)));
  return `${[`# ${title}`, GENERATED, introduction, ...parts].join('\n\n')}\n`;
}

/** A heading for each property. */
export const sectionOf = (heading: string, prefix: string, declaration: Declaration): string =>
  [
    `## ${heading}`,
    meaningOf(declaration),
    ...declaration.properties.flatMap((property) => partOf(prefix, property)),
  ].join('\n\n');

function partOf(prefix: string, property: Declared): string[] {
  const explanation = explanationOf(property);
  const facts = [
    ...(property.type === undefined ? [] : [`- Type: ${typeOf(property.type)}`]),
    `- ${defaultOf(property)}`,
    ...property.sources.map((source) => `- See: ${withLinks(source)}`),
  ];
  return [`### ${prefix}${property.name}`, facts.join('\n'), explanation];
}

/** As it is written; with a link where it has a section of its own. */
function typeOf(type: string): string {
  const sections = MODULE.filter(([, , , name]) => new RegExp(`\\b${name}\\b`).test(type));
  const links = sections.map(([heading]) => `[${heading}](#${heading.toLowerCase().replaceAll(' ', '-')})`);
  return [`\`${type}\``, ...links].join(', see ');
}

/** With the sections it comes from. @throws Error for what nobody has explained */
export function meaningOf(explained: Declaration | Declared): string {
  const meaning = explanationOf(explained);
  return explained.sources.length === 0 ? meaning : `${meaning} (${explained.sources.map(withLinks).join(', ')})`;
}

function explanationOf({ place, meaning }: Declaration | Declared): string {
  if (meaning === '') throw new Error(`${place} has no doc comment`);
  return meaning;
}

/** A value in code, else words. @throws Error for an option that may be left out and does not say what happens then */
export function defaultOf({ place, usual, optional, isOneOf }: Declared): string {
  if (usual === undefined && optional) throw new Error(`${place} may be left out and has no @default`);
  if (usual === undefined) return isOneOf ? 'Exactly one of these is required' : 'Required';
  return `Default: ${codeOr(usual)}`;
}

const codeOr = (text: string): string =>
  /^('.*'|\d+|true|false|\[.*\]|\{.*\}|[A-Z]+(_[A-Z]+)+)$/.test(text) ? `\`${text}\`` : text;
