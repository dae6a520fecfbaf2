import { understood } from '../control.js';
import { DpopToken } from '../dpop.js';
import { expectAccepted, expectStatus } from '../expect.js';
import { inSeconds, type JwtChanges } from '../jwt.js';
import { type Check, type RequirementGroup, requirementsOf } from '../requirement.js';
import type { Target } from '../target.js';

const dpop = requirementsOf('RFC 9449', { needs: ['--client-id', '--sign-in'], feature: 'DPoP' });
const mtls = requirementsOf('RFC 8705', {
  needs: ['caller', 'certificate_bound_token'],
  feature: 'certificate-bound access tokens',
});

const boundToken = async (target: Target): Promise<DpopToken> =>
  DpopToken.request(await target.metadataUrl('token_endpoint'), target.need('--client-id'));

/** The bound token without a proof of its key gets 401. */
const unproven =
  (authorization: (token: DpopToken) => string): Check =>
  async (target) => {
    const token = await boundToken(target);
    const { subId } = await target.anyPerson();
    expectAccepted(await target.revoke(subId, await token.headers(await target.endpoint())));
    expectStatus(await target.revoke(subId, { authorization: authorization(token) }), 401);
  };

/** A proof with this change gets 401. */
const rejected =
  (changes: JwtChanges): Check =>
  async (target) => {
    const [token, url] = [await boundToken(target), await target.endpoint()];
    const { subId } = await target.anyPerson();
    expectAccepted(await target.revoke(subId, await token.headers(url)));
    expectStatus(await target.revoke(subId, await token.headers(url, changes)), 401);
  };

/** Access tokens bound to a key or a certificate. */
export const senderConstrained: RequirementGroup = {
  title: 'Sender-constrained access tokens',
  requirements: [
    dpop.must('7.1 (a)', 'A bound token with a valid proof gets 204', async (target) => {
      const token = await boundToken(target);
      const headers = await token.headers(await target.endpoint());
      expectStatus(await target.revoke((await target.anyPerson()).subId, headers), 204);
    }),
    dpop.must(
      '7.2',
      'A bound token sent as a bearer token gets 401',
      unproven(({ value }) => `Bearer ${value}`),
    ),
    dpop.must(
      '7.1 (b)',
      'A bound token without a proof gets 401',
      unproven(({ value }) => `DPoP ${value}`),
    ),
    dpop.must(
      '4.3 (a)',
      'A proof for another URL gets 401',
      rejected({ claims: { htu: 'https://other.example.com/' } }),
    ),
    dpop.must('4.3 (b)', 'A proof for another method gets 401', rejected({ claims: { htm: 'GET' } })),
    dpop.must('4.3 (c)', 'A proof for another access token gets 401', rejected({ claims: { ath: 'conformance' } })),
    dpop.must('4.3 (d)', 'A proof that is an hour old gets 401', rejected({ claims: { iat: inSeconds(-3600) } })),
    dpop.should('11.1', 'A proof that was used before gets 401', async (target) => {
      const token = await boundToken(target);
      const headers = await token.headers(await target.endpoint());
      const { subId } = await target.anyPerson();
      expectAccepted(await target.revoke(subId, headers));
      expectStatus(await target.revoke(subId, headers), 401);
    }),
    mtls.must('3', 'A certificate-bound token without its certificate gets 401', async (target) => {
      const authorization = `Bearer ${target.need('certificate_bound_token')}`;
      expectStatus(await target.revoke(await understood(target), { authorization }), 401);
    }),
  ],
};
