import { afterAll, beforeAll, test } from 'vitest';
import type { ClauseGroup } from '../../src/conformance/clause.js';
import { SignedIn, type SignedInPerson, type SubId } from '../../src/conformance/signed-in.js';
import { Target, type TargetOptions } from '../../src/conformance/target.js';
import { register } from '../module/caller/clients.js';
import { Browser } from './browser.js';
import { describeEachServer } from './databases.js';
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
  const tokens = await party.signIn(browser, person);
  const { url } = await party.request({ prompt: 'none' });
  return {
    ...credentials(demoApp),
    identifiers: identifiersOf(person, server),
    access_token: tokens.access_token,
    refresh_token: tokens.refresh_token!,
    cookies: await browser.jar.getCookieString(server.url),
    authorization_url: url.href,
  };
}

/** What a test tells the suite beyond what it needs for the reference server as it is. */
export type Told = Partial<TargetOptions> & {
  /** Further identifiers of the person. */
  alsoKnownAs?: readonly SubId[];
};

/** A running server as the suite sees it. */
export function conformanceTarget(server: TestServer, { alsoKnownAs = [], ...more }: Told = {}): Target {
  const signIn = async (who: 'person' | 'other'): Promise<SignedInPerson> => {
    const person = await signInForConformance(server, who);
    return who === 'other' ? person : { ...person, identifiers: [...person.identifiers, ...alsoKnownAs] };
  };
  const target: Target = new Target(
    {
      base_url: server.local,
      caller: credentials(demoOperator),
      caller_without_scope: credentials(demoNoScope),
      ambiguous: { format: 'department', id: 'kitchen' },
      ...more,
    },
    async (who) => new SignedIn(await signIn(who), (name) => target.metadataUrl(name)),
  );
  return target;
}

/** A client that may name only the people of alice's department. */
export async function limitedCaller(server: TestServer): Promise<Partial<TargetOptions>> {
  await register(server, 'limited', 'secret-of-limited', { restrictions: { tenant: alice.department } });
  const outside = { format: 'opaque', id: bob.id };
  return { limited_caller: { client_id: 'limited', client_secret: 'secret-of-limited', outside } };
}

/** Tests every clause of a group against the reference server. What cannot be tested fails: here everything can. */
export function describeClauses(
  { title, clauses }: ClauseGroup,
  options: ServerOptions = {},
  more: (server: TestServer) => Promise<Told> = () => Promise.resolve({}),
): void {
  describeEachServer(title, (database) => {
    let server: TestServer;
    let target: Target;
    beforeAll(async () => {
      server = await startServer(database, { ...options, env: { GTR_AMBIGUOUS_SUBJECT: 'reject', ...options.env } });
      target = conformanceTarget(server, await more(server));
    });
    afterAll(() => server.stop());

    for (const clause of clauses)
      test(`${clause.number} ${clause.title} (${clause.source})`, () => clause.check(target));
  });
}
