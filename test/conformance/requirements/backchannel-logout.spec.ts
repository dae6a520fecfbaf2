import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backchannelLogout } from '../../../src/conformance/requirements/backchannel-logout.js';
import { SignedIn, type SignedInPerson } from '../../../src/conformance/signed-in.js';
import { Target } from '../../../src/conformance/target.js';
import { Client } from '../../../src/module/caller/clients/client.entity.js';
import { sha256Hex } from '../../../src/module/database/digest.js';
import { Issuer, json } from '../../module/resource-server/issuer.js';
import { describeRequirements } from '../../support/conformance.js';
import { freePort } from '../../support/free-port.js';
import { demoApp } from '../../support/people.js';

const env = { GTR_BACKCHANNEL_LOGOUT: 'on', GTR_NOTIFICATION_ALLOWED_HOSTS: '127.0.0.1' };
const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} };

describeRequirements(backchannelLogout, { env }, async ({ dataSource }) => {
  const logout_receiver = { host: '127.0.0.1', port: await freePort() };
  const clients = dataSource.getRepository(Client);
  const row = await clients.findOneByOrFail({ clientIdHash: sha256Hex(demoApp.clientId) });
  const uri = `http://127.0.0.1:${logout_receiver.port}/logout`;
  await clients.save(Object.assign(row, { metadata: { ...row.metadata, backchannel_logout_uri: uri } }));
  return { logout_receiver };
});

describe('servers that do not meet the requirements of back-channel logout', () => {
  let issuer: Issuer;
  beforeEach(async () => {
    issuer = await Issuer.start();
  });
  afterEach(() => issuer.stop());

  /** Tests a requirement against a server that sends a token with these claims, and then one that meets the requirement. */
  async function check(place: string, claims: object, form = 'logout_token', isOffered = true): Promise<void> {
    const { url } = issuer;
    const address = { host: '127.0.0.1', port: await freePort() };
    const iat = Math.floor(Date.now() / 1000);
    const usual = { iss: url, aud: 'app', jti: 'j', sub: '1', iat, exp: iat + 60, events: EVENTS };
    issuer.instead['/revoke'] = async (_, response) => {
      response.writeHead(204).end();
      const token = await issuer.sign({ ...usual, ...claims }, { typ: 'logout+jwt' });
      await fetch(`http://127.0.0.1:${address.port}`, { method: 'POST', body: new URLSearchParams({ [form]: token }) });
    };
    issuer.instead['/.well-known/openid-configuration'] = (_, response) =>
      json(response, { issuer: url, jwks_uri: `${url}/jwks`, backchannel_logout_supported: isOffered });
    const person: SignedInPerson = {
      identifiers: [{ format: 'opaque', id: '1' }],
      client_id: 'app',
      client_secret: 's',
    };
    const options = {
      base_url: url,
      endpoint: `${url}/revoke`,
      caller: { access_token: 'x' },
      logout_receiver: address,
    };
    const target: Target = new Target(options, async () => new SignedIn(person, (name) => target.metadataUrl(name)));
    await backchannelLogout.requirements.find(({ id }) => id.endsWith(`§${place}`))!.check(target);
  }

  test('a valid token: passed', async () => {
    for (const place of ['2.4 (a)', '2.4 (b)', '2.5']) await check(place, {});
  });

  test.each<[place: string, claims: object, why: string, form?: string]>([
    ['2.4 (b)', { nonce: 'n' }, 'it has a nonce'],
    ['2.4 (b)', { aud: 'other' }, 'its aud is other'],
    ['2.4 (b)', { sub: undefined }, 'it has neither sub nor sid'],
    ['2.4 (b)', { events: {} }, 'its events are {}'],
    ['2.4 (b)', { events: { [Object.keys(EVENTS)[0]!]: null } }, 'backchannel-logout":null}'],
    ['2.5', {}, 'the form has no logout_token', 'token'],
  ])('%s of a token with %j: failed', async (place, claims, why, form) => {
    await expect(check(place, claims, form)).rejects.toThrow(why);
  });

  test('a server that does not advertise it: not tested', async () => {
    await expect(check('2.5', {}, undefined, false)).rejects.toThrow('needs backchannel_logout_supported');
  });
});
