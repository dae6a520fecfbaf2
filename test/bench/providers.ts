import { afterAll, beforeAll, expect, test } from 'vitest';
import type Provider from 'oidc-provider';
import { inheritEpoch, runInEpochContext } from '../../src/module/oidc-provider/epoch-context.js';
import { SubjectEpochs } from '../../src/module/revocation/subject-epochs.js';
import { OIDC_PROVIDER } from '../../src/reference-op/op/op.options.js';
import { describeEachDatabase } from '../support/databases.js';
import { basic } from '../support/operator.js';
import { alice, demoApp } from '../support/people.js';
import { inKnex, inMemory, notMoved, type Previous } from '../support/previous-adapter.js';
import { encode, formHeaders } from '../support/race-http.js';
import { startServer, type TestServer } from '../support/server.js';
import { median } from './figures.js';
import { keep, PROVIDERS } from './results.js';
import { inTurns } from './slices.js';
import { statementsOf } from './statements.js';

const TOKENS = 10_000;
const AT_A_TIME = 64;
const ROUNDS = 30;
const SLICE_MS = 300;

/** The same oidc-provider, with our adapter, with its own in memory, and with the published one for knex. */
describeEachDatabase('introspections per second', (database) => {
  const servers: TestServer[] = [];
  const closing: Array<() => Promise<void>> = [];
  const bodies: Record<string, string[]> = {};
  const urlOf = ({ url }: TestServer): string => `${url}/token/introspection`;

  beforeAll(async () => {
    const others: Previous[] = [await inMemory(), await inKnex(database)];
    closing.push(...others.map(({ close }) => close));
    for (const override of [undefined, ...others.map(notMoved)]) {
      const server = await startServer(database, { ...(override && { override }) });
      servers.push(server);
      bodies[urlOf(server)] = (await tokensOf(server)).map((token) => encode({ token }));
    }
  });
  afterAll(async () => {
    for (const server of servers) await server.stop();
    for (const close of closing) await close();
  });

  test(`of ${TOKENS} tokens, with ${AT_A_TIME} connections`, async () => {
    const headers = formHeaders(basic(demoApp.clientId, demoApp.secret));
    const urls = servers.map(urlOf);
    const sending = { method: 'POST', headers, bodies, connections: AT_A_TIME, milliseconds: SLICE_MS };
    const slices = await inTurns(urls, ROUNDS, sending);
    const [ours, memory, knex] = slices.map(median) as [number, number, number];
    const [url, list] = [urls[0]!, bodies[urls[0]!]!];
    const asked = list.slice(0, 1000);
    const statements = await statementsOf(servers[0]!.dataSource, async () => {
      const lane = async (): Promise<void> => {
        for (let body = asked.pop(); body; body = asked.pop()) {
          const answer = await fetch(url, { method: 'POST', headers, body });
          expect(await answer.json()).toMatchObject({ active: true });
        }
      };
      await Promise.all(Array.from({ length: AT_A_TIME }, lane));
    });
    keep(database.name, { providers: { ours, memory, knex, statements: statements.length / 1000 } });
    console.log(`\n${database.name}: introspections per second, ${TOKENS} tokens, ${AT_A_TIME} connections`);
    PROVIDERS.forEach((name, i) => console.log(`${name.padEnd(8)} ${Math.round(median(slices[i]!))}`));
    console.log(`ours ÷ memory ${(ours / memory).toFixed(2)}, ours ÷ knex ${(ours / knex).toFixed(2)}`);
    console.log(`${(statements.length / 1000).toFixed(2)} statements per introspection\n`);
  });
});

/** Issues access tokens as the provider does. */
async function tokensOf({ app }: TestServer): Promise<string[]> {
  const provider = app.get<Provider>(OIDC_PROVIDER);
  const client = (await provider.Client.find(demoApp.clientId))!;
  const epoch = await app.get(SubjectEpochs).epochForSignIn(alice.id);
  return runInEpochContext(async () => {
    inheritEpoch(alice.id, epoch);
    const grant = new provider.Grant({ accountId: alice.id, clientId: client.clientId });
    grant.addOIDCScope('openid');
    const grantId = await grant.save();
    const tokens: string[] = [];
    while (tokens.length < TOKENS) {
      const token = { accountId: alice.id, client, grantId, gty: 'authorization_code', scope: 'openid' };
      tokens.push(await new provider.AccessToken({ ...token, expiresWithSession: false } as never).save());
    }
    return tokens;
  });
}
