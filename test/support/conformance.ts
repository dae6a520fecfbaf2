import { ConfigService } from '@nestjs/config';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Need } from '../../src/conformance/needs.js';
import type { RequirementGroup } from '../../src/conformance/requirement.js';
import { SignedIn, type SignedInPerson, type SubId } from '../../src/conformance/signed-in.js';
import { Target } from '../../src/conformance/target.js';
import type { TargetOptions } from '../../src/conformance/target-options.js';
import { register } from '../module/caller/clients.js';
import { Browser } from './browser.js';
import { describeEachServer } from './databases.js';
import { API } from './jwt-api.js';
import { alice, bob, demoApp, demoNoScope, demoOperator, type Person } from './people.js';
import { RelyingParty } from './relying-party.js';
import { startServer, type ServerOptions, type TestServer } from './server.js';

const credentials = ({ clientId, secret }: { clientId: string; secret: string }) => ({
  client_id: clientId,
  client_secret: secret,
});

/** Every way in which the reference server knows a person. */
const identifiersOf = ({ id, email, phone, uid }: Person, { url }: TestServer): SignedInPerson['identifiers'] => [
  { format: 'opaque', id },
  { format: 'email', email },
  { format: 'iss_sub', iss: url, sub: id },
  { format: 'phone_number', phone_number: phone },
  { format: 'account', uri: `acct:${uid}@${new URL(url).hostname}` },
];

/** Signs a person in over HTTP, as the command of a tester would. */
export async function signInForConformance(server: TestServer, who: 'person' | 'other'): Promise<SignedInPerson> {
  const person = who === 'person' ? alice : bob;
  const [party, browser] = [await RelyingParty.discover(server), new Browser(server.url)];
  const takesJwts = server.app.get(ConfigService).get<string[]>('jwtAudiences')!.includes(API);
  const tokens = await party.signIn(browser, person, takesJwts ? { resource: API } : {});
  const forApi = takesJwts ? await party.refresh(tokens.refresh_token!, { resource: API }) : undefined;
  const { url } = await party.request({ prompt: 'none' });
  return {
    ...credentials(demoApp),
    identifiers: identifiersOf(person, server),
    access_token: tokens.access_token,
    ...(forApi && { jwt_access_token: forApi.access_token }),
    refresh_token: (forApi ?? tokens).refresh_token!,
    cookies: await browser.jar.getCookieString(server.url),
    authorization_url: url.href,
  };
}

/** What a test tells the suite beyond what it needs for the reference server as it is. */
export type Told = Partial<TargetOptions> & {
  /** Further identifiers of the person. */
  alsoKnownAs?: readonly SubId[];
};

/** A target that remembers what its tests needed. */
class RecordingTarget extends Target {
  readonly needed = new Set<Need>();
  /** Somebody who signed in for another test. */
  somebody: Promise<SignedIn> | undefined;

  override need: Target['need'] = (key) => {
    this.needed.add(key);
    return super.need(key);
  };

  override async anyPerson(): Promise<SignedIn> {
    this.need('--sign-in');
    return (this.somebody ??= super.anyPerson());
  }

  override authorization(): Promise<string> {
    this.needed.add('caller');
    return super.authorization();
  }
}

/** What the suite is told: all of it, or only what a requirement says it needs. */
function optionsFor(all: TargetOptions, needs: readonly Need[] | undefined): TargetOptions {
  if (!needs) return all;
  const isTold = (name: string): boolean =>
    ['base_url', 'unknown_subject_status', ...needs].includes(name) ||
    (name === 'caller' && needs.includes('--client-id'));
  return Object.fromEntries(Object.entries(all).filter(([name]) => isTold(name))) as unknown as TargetOptions;
}

/** A running server as the suite sees it. */
export function conformanceTarget(
  server: TestServer,
  { alsoKnownAs = [], ...more }: Told = {},
  needs?: readonly Need[],
): RecordingTarget {
  const signIn = async (who: 'person' | 'other'): Promise<SignedIn> => {
    const person = await signInForConformance(server, who);
    const identifiers: SignedInPerson['identifiers'] = [
      ...person.identifiers,
      ...(who === 'person' ? alsoKnownAs : []),
    ];
    return new SignedIn({ ...person, identifiers }, (name) => target.metadataUrl(name));
  };
  const all: TargetOptions = {
    base_url: server.local,
    caller: credentials(demoOperator),
    caller_without_scope: credentials(demoNoScope),
    ambiguous: { format: 'department', id: 'kitchen' },
    ...more,
  };
  const canSignIn = !needs || needs.includes('--sign-in');
  const target: RecordingTarget = new RecordingTarget(optionsFor(all, needs), canSignIn ? signIn : undefined);
  return target;
}

/** A client that may name only the people of alice's department. */
export async function restrictedCaller(server: TestServer): Promise<Partial<TargetOptions>> {
  await register(server, 'restricted', 'secret-of-restricted', { restrictions: { tenant: alice.department } });
  const outside = { format: 'opaque', id: bob.id };
  return { restricted_caller: { client_id: 'restricted', client_secret: 'secret-of-restricted', outside } };
}

/**
 * Tests every requirement of a group against the reference server, with nothing but what it says it needs. What cannot be
 * tested fails: here everything can.
 */
export function describeRequirements(
  { title, requirements }: RequirementGroup,
  options: ServerOptions = {},
  more: (server: TestServer) => Promise<Told> = () => Promise.resolve({}),
): void {
  describeEachServer(title, (database) => {
    let server: TestServer;
    let told: Told;
    let somebody: Promise<SignedIn> | undefined;
    beforeAll(async () => {
      server = await startServer(database, { ...options, env: { GTR_AMBIGUOUS_SUBJECT: 'reject', ...options.env } });
      told = await more(server);
    });
    afterAll(() => server.stop());

    for (const { id, text, check, needs } of requirements)
      test(`${id}: ${text}`, async () => {
        const target = Object.assign(conformanceTarget(server, told, needs), { somebody });
        await check(target);
        ({ somebody } = target);
        expect([...target.needed]).toEqual(expect.arrayContaining([...needs]));
      });
  });
}
