import { expect, test } from 'vitest';
import { sharedSignals } from '../../../src/conformance/requirements/shared-signals.js';
import { Target } from '../../../src/conformance/target.js';
import { register } from '../../module/caller/clients.js';
import { Issuer, json } from '../../module/resource-server/issuer.js';
import { describeRequirements } from '../../support/conformance.js';

const VERIFICATION = 'https://schemas.openid.net/secevent/ssf/event-type/verification';
const env = { GTR_SHARED_SIGNALS: 'on', GTR_FEATURE_FLAGS: 'GLOBAL_TOKEN_REVOCATION=on,SHARED_SIGNALS=on' };
const signals_receiver = { client_id: 'receiver', client_secret: 'secret-of-the-receiver' };

describeRequirements(sharedSignals, { env }, async (server) => {
  const metadata = { grant_types: ['client_credentials'], redirect_uris: [], response_types: [] };
  const own = { scope: 'ssf.manage', metadata };
  await register(server, signals_receiver.client_id, signals_receiver.client_secret, own);
  return { signals_receiver };
});

test.each<[claims: { typ?: string; sub?: string; aud?: string }, why: string]>([
  [{}, 'its state is undefined'],
  [{ typ: 'JWT' }, 'the typ of the event is JWT'],
  [{ sub: '1' }, 'the event has exp or sub'],
  [{ aud: 'other' }, 'the aud of the event is other'],
])('a verification of another transmitter with %j: failed', async ({ typ = 'secevent+jwt', ...claims }, why) => {
  const issuer = await Issuer.start();
  const { url } = issuer;
  const at = (path: string, value: object) => (issuer.instead[path] = (_, response) => json(response, value));
  at('/.well-known/openid-configuration', { issuer: url, token_endpoint: `${url}/token` });
  const endpoints = { configuration_endpoint: `${url}/streams`, verification_endpoint: `${url}/verify` };
  at('/.well-known/ssf-configuration', { issuer: url, jwks_uri: `${url}/jwks`, ...endpoints });
  at('/token', { access_token: 'x' });
  issuer.instead['/verify'] = (_, response) => void response.writeHead(204).end();
  issuer.instead['/streams'] = ({ method }, response) => {
    const created = { stream_id: 's', aud: 'receiver', delivery: { endpoint_url: `${url}/poll` } };
    response.writeHead(method === 'POST' ? 201 : 200).end(JSON.stringify(method === 'POST' ? created : []));
  };
  issuer.instead['/poll'] = async (_, response) => {
    const sub_id = { format: 'opaque', id: 's' };
    const event = { iss: url, aud: 'receiver', jti: 'j', sub_id, events: { [VERIFICATION]: {} }, iat: 1 };
    return json(response, { sets: { j: await issuer.sign({ ...event, ...claims }, { typ }) } });
  };
  const [verification] = sharedSignals.requirements;
  const target = new Target({ base_url: url, signals_receiver });
  await expect(verification!.check(target)).rejects.toThrow(why);
  await issuer.stop();
});
