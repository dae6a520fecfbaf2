import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { EXTRAS } from '../../../src/module/global-revocation.module-extras.js';
import { resolveOptions } from '../../../src/module/options/global-revocation.options.js';
import { ASSERTION_ALGORITHMS } from '../../../src/module/options/public-keys.options.js';
import { settingsInWords } from '../../../src/reference-op/settings/settings-description.js';
import { defaultSettings } from '../../../src/reference-op/settings/settings-load.js';
import { settingsTable } from '../../../src/reference-op/settings/settings-table.js';
import { declarationOf, type Declared } from './declarations.js';
import { MODULE } from './options.js';

type Tree = Record<string, unknown>;

const signer = () => '';

/** Every option that has others inside of it, with no more than it needs. */
const least = (): Tree => ({
  issuer: 'https://op.example.com',
  users: { entity: 'User', subject: 'id' },
  targets: [{ entity: 'Row', userColumn: 'userId', action: 'delete' }],
  identityProviders: [
    { id: 'okta', issuers: ['https://idp.example'], keys: { jwksUri: 'https://idp.example/keys' }, restrictions: {} },
  ],
  metadata: {},
  statusLists: { signer },
  rateLimits: {},
  remoteJwks: {},
  notifications: {},
});

/** Defaults that follow from something else: in words. */
const IN_WORDS = ['production', 'users.opaque', 'users.orderBy', 'identityProviders[].algorithms'];

/** The object that has an option, by the prefix of its section; undefined: one that has no defaults. */
const ownerOf = (tree: Tree, prefix: string): Tree | undefined =>
  prefix.split('.').reduce<Tree | undefined>((owner, part) => {
    if (part === '') return owner;
    const inside = owner?.[part.replace('[]', '')];
    return (part.endsWith('[]') ? (inside as Tree[] | undefined)?.[0] : inside) as Tree | undefined;
  }, tree);

/** The value that code is; undefined for words. */
function valueOf(text: string): unknown {
  if (text.startsWith('`')) return undefined;
  try {
    return structuredClone(runInNewContext(`(${text})`));
  } catch {
    return undefined;
  }
}

const declared = MODULE.filter(([, , , name]) => name !== 'EXTRAS').flatMap(([, prefix, file, name]) =>
  declarationOf(file, name)
    .properties.filter(({ optional }) => optional)
    .map((property) => [`${prefix}${property.name}`, prefix, property] as const),
);

test.each(declared)('%s: its @default applies when it is missing', (path, prefix, { name, usual }) => {
  const leave = (): Tree => {
    const tree = least();
    delete ownerOf(tree, prefix)?.[name];
    return tree;
  };
  const without = leave();
  const resolved = ownerOf(resolveOptions(without) as never, prefix)?.[name];
  const documented = valueOf(usual!);
  expect(documented !== undefined || IN_WORDS.includes(path), `${path}: ${usual}`).toBe(resolved !== undefined);
  if (documented === undefined) return;
  const given = leave();
  ownerOf(given, prefix)![name] = documented;
  expect(resolveOptions(given)).toEqual(resolveOptions(without));
});

test('the options with a default in words have that default', () => {
  const { users, production, identityProviders } = resolveOptions(least());
  expect(users).toMatchObject({ opaque: 'id', orderBy: 'id' });
  expect(production).toBe(process.env['NODE_ENV'] === 'production');
  expect(identityProviders[0]!.algorithms).toEqual(ASSERTION_ALGORITHMS);
});

const extras = declarationOf('src/module/global-revocation.module-extras.ts', 'EXTRAS').properties;

test.each(extras.map((extra): [string, Declared] => [extra.name, extra]))(
  '%s beside the options: its @default applies when it is missing',
  (name, { usual }) => {
    const held: unknown = EXTRAS[name as keyof typeof EXTRAS];
    expect(typeof held === 'symbol' ? undefined : held).toEqual(valueOf(usual!));
  },
);

const settings = declarationOf('src/reference-op/settings/settings.ts', 'SETTINGS').properties;
const usual = new Map(settingsInWords(defaultSettings()));

/** Defaults that are said in other words than those of the start message. */
const OTHER_WORDS: Record<string, string> = {
  GTR_FEATURE_FLAGS: 'every flag is on, except SHARED_SIGNALS',
  GTR_METRICS_PORT: 'none',
  GTR_IDENTITY_PROVIDERS: 'none',
  GTR_JWT_AUDIENCES: '`ISSUER/demo/api`',
  GTR_JWKS_ALLOWED_HOSTS: 'none',
  GTR_NOTIFICATION_ALLOWED_HOSTS: 'none',
  GTR_SIGNING_KEYS_FILE: 'generated',
  GTR_COOKIE_KEYS: 'generated',
  GTR_STORAGE_KEY: 'generated',
  ISSUER: '`http://localhost:PORT`',
};

test.each(settingsTable.map(({ key, env }) => [env, key]))(
  '%s: its @default applies when the setting is missing',
  (env, key) => {
    const documented = settings.find(({ name }) => name === key)!.usual!;
    expect(documented.split(/[;:(] ?/)[0]!.trim()).toBe((OTHER_WORDS[env] ?? usual.get(env)!).split(':')[0]);
  },
);
