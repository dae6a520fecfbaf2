import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { statusList } from '../../../src/conformance/requirements/status-list.js';
import { SignedIn, type SignedInPerson } from '../../../src/conformance/signed-in.js';
import { Target } from '../../../src/conformance/target.js';
import { Issuer, json } from '../../module/resource-server/issuer.js';
import { describeRequirements } from '../../support/conformance.js';
import { jwtSettings } from '../../support/jwt-api.js';

describeRequirements(statusList, { env: jwtSettings });

describe('servers that do not meet the requirements of status lists', () => {
  let issuer: Issuer;
  beforeEach(async () => {
    issuer = await Issuer.start();
    issuer.ttl = 1;
  });
  afterEach(() => issuer.stop());

  const identifiers: SignedInPerson['identifiers'] = [{ format: 'opaque', id: 'alice' }];
  /** Tests a requirement against a server that answers 204 to everything. */
  async function check(section: string, revoke: () => void, hasLists = true): Promise<void> {
    const { url } = issuer;
    issuer.instead['/revoke'] = (_, response) => {
      revoke();
      response.writeHead(204).end();
    };
    issuer.instead['/.well-known/openid-configuration'] = (_, response) =>
      json(response, { issuer: url, ...(hasLists && { status_list_aggregation_endpoint: `${url}/status` }) });
    const person = { identifiers, client_id: 'app', client_secret: 's', jwt_access_token: await issuer.token(1) };
    const target: Target = new Target(
      { base_url: url, endpoint: `${url}/revoke`, caller: { access_token: 'x' } },
      async () => new SignedIn(person, (name) => target.metadataUrl(name)),
    );
    await statusList.requirements.find((each) => each.section === section)!.check(target);
  }

  test('a list that does not change: failed', async () => {
    await expect(check('8.3', () => {})).rejects.toThrow('still says 1 s after the 204 that the JWT is valid');
  });

  test('a list that changes at once: passed', async () => {
    await check('8.3', () => issuer.ended.add(1));
  });

  test('the list of another address: failed', async () => {
    issuer.instead['/status/1'] = async (_, response) => void response.end(await issuer.list({ sub: 'x' }));
    await expect(check('5.1', () => {})).rejects.toThrow('its sub is x');
  });

  test('a server that advertises no list: not tested', async () => {
    await expect(check('8.3', () => {}, false)).rejects.toThrow(
      'needs status_list_aggregation_endpoint in the metadata',
    );
  });
});
