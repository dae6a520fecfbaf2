import { setTimeout as sleep } from 'node:timers/promises';
import { patiently } from '../../src/module/database/retry.js';
import { SubjectEpoch } from '../../src/module/revocation/subject-epoch.entity.js';
import { subjectKey } from '../../src/module/revocation/subject-epochs.js';
import { OIDC_PROVIDER } from '../../src/reference-op/op/op.options.js';
import { API, isJwt } from './jwt-api.js';
import { alice, demoApp } from './people.js';
import { type Answer, post } from './race-http.js';
import { type Grant, QuickBrowser } from './race-sign-in.js';
import { siblings } from './race-siblings.js';
import { ANSWERED_AT, now, type RaceServer } from './race-field.js';

/** What is in flight when the revocation lands. */
export type Kind = 'refresh' | 'code' | 'refresh to a JWT' | 'code for a JWT';

/** Where the token endpoint expects it. */
const memberOf = (kind: Kind): 'code' | 'refresh_token' => (kind.startsWith('code') ? 'code' : 'refresh_token');

/** Requests in flight in one round. */
export const IN_FLIGHT = 6;

/** Milliseconds until the first of the requests or of the revocation is sent. */
const LEAD = 10;

/** Milliseconds from one request to the next: at the same moment, they would share their look-ups and end alike. */
const APART = 2;

/** How a request in flight ended: answered before the revocation was, answered after it, or refused. */
export type Fate = 'early' | 'late' | 'refused';

export interface Round {
  fates: Fate[];
  /** Credentials handed out in the race that are accepted after it; of those beside JWTs, only the JWTs. */
  survivors: number;
  /** JWTs that were handed out in the race, which an API rejects after the advertised delay. */
  jwts: string[];
  /** From sending the requests to the last answer, milliseconds. */
  duration: number;
}

/**
 * One login of alice, several codes or refresh tokens in flight, one revocation in their midst.
 *
 * @param revokeAt when it is sent, milliseconds from when they are sent; negative if before them
 */
export async function round(server: RaceServer, kind: Kind, revokeAt: number): Promise<Round> {
  const grants = await prepare(server, kind);
  const lead = LEAD + Math.max(0, -revokeAt);
  const start = now() + lead;
  const inFlight = Promise.all(
    grants.map(async (grant, index) => sleep(lead + index * APART).then(() => token(server, grant))),
  );
  const [revoked, answers] = await Promise.all([server.revokeAt(start + revokeAt), inFlight]);
  const handedOut = answers.filter(({ status }) => status === 200);
  const jwts = handedOut.map(accessTokenOf).filter(isJwt);
  await Promise.all(jwts.map((jwt) => server.api.call(jwt))); // the API keeps the list that it has now
  return {
    fates: answers.map((answer) =>
      answer.status !== 200 ? 'refused' : answeredAt(answer) > revoked ? 'late' : 'early',
    ),
    survivors:
      jwts.length > 0
        ? await server.validNow(jwts)
        : (await Promise.all(handedOut.map((answer) => accepted(server, answer)))).flat().filter(Boolean).length,
    jwts,
    duration: Math.max(...answers.map(answeredAt)) - start,
  };
}

const answeredAt = ({ headers }: Answer): number => Number(headers[ANSWERED_AT]);

/** One login, one code or refresh token from it, and its siblings. */
async function prepare(server: RaceServer, kind: Kind): Promise<Grant[]> {
  const from = server.old ?? server;
  // What is from before the module is live while its user was never revoked, so each round needs a user who never was.
  const rows = server.dataSource.getRepository(SubjectEpoch);
  // Patiently, because both servers write to the file of SQLite.
  if (server.old) await patiently(() => rows.delete({ subjectHash: subjectKey(alice.id) }));
  const code = await new QuickBrowser(from).signIn(alice, kind.endsWith('JWT') ? API : undefined);
  const one = memberOf(kind) === 'code' ? code : refreshing(await token(from, code));
  const values = await siblings(from.app.get(OIDC_PROVIDER), kind, one[memberOf(kind)]!, IN_FLIGHT - 1);
  return [one, ...values.map((value) => ({ ...one, [memberOf(kind)]: value }))];
}

const token = (server: Pick<RaceServer, 'url'>, grant: Grant): Promise<Answer> =>
  post(`${server.url}/token`, demoApp, grant);

function refreshing({ status, body }: Answer): Grant {
  if (status !== 200) throw new Error(`no refresh token: ${status} ${body}`);
  return { grant_type: 'refresh_token', refresh_token: (JSON.parse(body) as Grant)['refresh_token']! };
}

const accessTokenOf = ({ body }: Answer): string => (JSON.parse(body) as { access_token: string }).access_token;

/** Whether the access token and the refresh token of an answer are still good for anything. @throws Error when unclear */
async function accepted(server: RaceServer, answer: Answer): Promise<boolean[]> {
  const introspected = await post(`${server.url}/token/introspection`, demoApp, { token: accessTokenOf(answer) });
  const refreshed = await token(server, refreshing(answer));
  const { active } = JSON.parse(introspected.body) as { active?: boolean };
  const isRefused = refreshed.status === 400 && refreshed.body.includes('"invalid_grant"');
  if (typeof active !== 'boolean' || (!isRefused && refreshed.status !== 200)) {
    throw new Error(`unclear: ${introspected.status} ${introspected.body} ${refreshed.status} ${refreshed.body}`);
  }
  return [active, !isRefused];
}
