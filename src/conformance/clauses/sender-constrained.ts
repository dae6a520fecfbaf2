import { type Clause, type ClauseGroup, clausesOf } from '../clause.js';
import { understood } from '../control.js';
import { DpopToken } from '../dpop.js';
import { expectAccepted, expectStatus } from '../expect.js';
import { inSeconds, type JwtChanges } from '../jwt.js';
import type { Target } from '../target.js';

const dpop = clausesOf('RFC 9449');
const mtls = clausesOf('RFC 8705');

const boundToken = async (target: Target): Promise<DpopToken> =>
  DpopToken.request(await target.metadataUrl('token_endpoint'), target.client());

/** Access with the bound token, but without what proves that it is one's own, is 401. */
const unproven =
  (authorization: (token: DpopToken) => string): Clause['check'] =>
  async (target) => {
    const token = await boundToken(target);
    const { subId } = await target.anyPerson();
    expectAccepted(await target.revoke(subId, await token.headers(await target.endpoint())));
    expectStatus(await target.revoke(subId, { authorization: authorization(token) }), 401);
  };

/** A proof with this change is 401. */
const refused =
  (changes: JwtChanges): Clause['check'] =>
  async (target) => {
    const [token, url] = [await boundToken(target), await target.endpoint()];
    const { subId } = await target.anyPerson();
    expectAccepted(await target.revoke(subId, await token.headers(url)));
    expectStatus(await target.revoke(subId, await token.headers(url, changes)), 401);
  };

/** Access tokens that are bound to a key or a certificate. */
export const senderConstrained: ClauseGroup = {
  title: 'Bound access tokens',
  clauses: [
    dpop.must(48, '§7.1', 'bound token with its proof → 204', async (target) => {
      const token = await boundToken(target);
      expectStatus(
        await target.revoke((await target.anyPerson()).subId, await token.headers(await target.endpoint())),
        204,
      );
    }),
    dpop.must(
      49,
      '§7.2',
      'bound token as a bearer token → 401',
      unproven(({ value }) => `Bearer ${value}`),
    ),
    dpop.must(
      49,
      '§7.1',
      'bound token without a proof → 401',
      unproven(({ value }) => `DPoP ${value}`),
    ),
    dpop.must(50, '§4.3', 'proof for another URL → 401', refused({ claims: { htu: 'https://other.example.com/' } })),
    dpop.must(50, '§4.3', 'proof for another method → 401', refused({ claims: { htm: 'GET' } })),
    dpop.must(50, '§4.3', 'proof for another token → 401', refused({ claims: { ath: 'conformance' } })),
    dpop.must(50, '§4.3', 'old proof → 401', refused({ claims: { iat: inSeconds(-3600) } })),
    dpop.should(50, '§11.1', 'the same proof again → 401', async (target) => {
      const token = await boundToken(target);
      const headers = await token.headers(await target.endpoint());
      const { subId } = await target.anyPerson();
      expectAccepted(await target.revoke(subId, headers));
      expectStatus(await target.revoke(subId, headers), 401);
    }),
    mtls.must(49, '§3', 'certificate-bound token without its certificate → 401', async (target) => {
      const authorization = `Bearer ${target.need('certificate_bound_token')}`;
      expectStatus(await target.revoke(await understood(target), { authorization }), 401);
    }),
  ],
};
