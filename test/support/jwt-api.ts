import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { ClientRegistry } from '../../src/module/caller/clients/client-registry.js';
import { DatabaseDeadline } from '../../src/module/database/deadline.js';
import { AccessTokenVerifier } from '../../src/module/resource-server/index.js';
import { ListStates } from '../../src/module/status-list/list-states.js';
import type { StatusReference } from '../../src/module/status-list/status-lists.js';
import type { TestServer } from './server.js';

/** Identifier of an API whose access tokens are JWTs. */
export const API = 'https://api.example.com/invoices';

const TTL_SECONDS = 1;

/** Settings of a reference server that issues JWTs for {@link API}. */
export const jwtSettings = { GTR_JWT_AUDIENCES: API, GTR_STATUS_LIST_TTL_SECONDS: String(TTL_SECONDS) };

/** The delay that the server advertises: after it, every API rejects the tokens of a person who was revoked. */
export const delay = (): Promise<void> => sleep((TTL_SECONDS + 1) * 1000);

/** An API that reads status lists, and keeps them as long as it may. */
export class JwtApi {
  private readonly verifier: AccessTokenVerifier;

  constructor(issuer: string) {
    const allowedHosts = [new URL(issuer).hostname];
    this.verifier = new AccessTokenVerifier({ issuer, audience: API, allowedHosts });
  }

  /** Calls the API. @returns the person, or the reason of the refusal */
  async call(token: string): Promise<string | undefined> {
    const request = new IncomingMessage(new Socket());
    request.headers.authorization = `Bearer ${token}`;
    return this.verifier.verify(request).then(
      ({ subject }) => subject,
      (error: Error & { reason?: string }) => error.reason,
    );
  }

  /** Whether the API accepts a token. @throws Error if it cannot tell */
  async accepts(token: string): Promise<boolean> {
    const answer = await this.call(token);
    if (answer === undefined || answer === 'unavailable') throw new Error(`unclear: ${answer}`);
    return answer !== 'invalidToken';
  }
}

/** Whether an access token is a JWT; the others of the reference server are opaque. */
export const isJwt = (token: string): boolean => token.includes('.');

/** How many JWTs are valid in the lists that a node publishes which has just read everything. */
export async function validNow(
  { app, dataSource }: Pick<TestServer, 'app' | 'dataSource'>,
  jwts: readonly string[],
): Promise<number> {
  const states = new ListStates(dataSource, app.get(DatabaseDeadline), app.get(ClientRegistry));
  const { lists } = await states.current();
  const isValid = (jwt: string): boolean => {
    const { idx, uri } = decodeJwt<{ status: StatusReference }>(jwt).status.status_list;
    const { bits } = lists.get(uri.split('/').at(-1)!)!;
    return ((bits[idx >> 3]! >> (idx & 7)) & 1) === 0;
  };
  return jwts.filter(isValid).length;
}
