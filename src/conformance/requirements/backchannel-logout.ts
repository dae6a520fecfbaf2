import { expectStatus, expectThat } from '../expect.js';
import { LogoutReceiver, type LogoutRequest } from '../logout-receiver.js';
import { Mismatch, NotTested } from '../outcome.js';
import { type RequirementGroup, requirementsOf } from '../requirement.js';
import type { SignedIn } from '../signed-in.js';
import type { Target } from '../target.js';
import { type EventClaims, verified } from '../verified.js';

const logout = requirementsOf('OpenID.Back-Channel', {
  needs: ['caller', '--sign-in', 'logout_receiver'],
  feature: 'back-channel logout',
});

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** How long a logout token may take, in milliseconds. */
const WAIT_MS = 30_000;

/** Requirements about relying parties that are told about a revocation. */
export const backchannelLogout: RequirementGroup = {
  title: 'Back-channel logout',
  requirements: [
    logout.should(
      '2.4 (a)',
      'After a revocation, the relying party gets a logout token without sid, which ends all sessions of the person',
      async (target) => {
        let sids = 0;
        await told(target, async ({ token }, jwksUri) => {
          const { sid } = (await verified(token ?? '', jwksUri)).payload;
          if (sid !== undefined) sids += 1;
          return sid === undefined;
        }).catch((error: unknown) => {
          throw error instanceof Mismatch && sids > 0 ? new Mismatch('each logout token has a sid') : error;
        });
      },
    ),
    logout.must(
      '2.4 (b)',
      'A logout token is signed, and has iss, aud, iat, exp, jti, the event, and sub or sid, but no nonce',
      async (target) => {
        const issuer = await target.issuer();
        await told(target, async ({ token }, jwksUri, { person }) => {
          const { payload } = await verified(token ?? '', jwksUri);
          checkClaims(payload, issuer, person.client_id);
          return true;
        });
      },
    ),
    logout.must('2.5', 'A logout token is posted as the form parameter logout_token', async (target) => {
      await told(target, ({ method, type = 'none', token }) => {
        expectThat(method === 'POST', `the method is ${method}`);
        expectThat(/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type), `the content type is ${type}`);
        expectThat(token !== null, 'the form has no logout_token');
        return true;
      });
    }),
  ],
};

type Look = (request: LogoutRequest, jwksUri: string, person: SignedIn) => boolean | Promise<boolean>;

/** Revokes a person who has signed in, and looks at what the relying party gets until a look returns true. @throws Mismatch, NotTested */
async function told(target: Target, look: Look): Promise<void> {
  if ((await target.metadata())['backchannel_logout_supported'] !== true)
    throw new NotTested('needs backchannel_logout_supported in the metadata');
  const jwksUri = await target.metadataUrl('jwks_uri');
  const receiver = await LogoutReceiver.start(target.need('logout_receiver'));
  try {
    const person = await target.person();
    expectStatus(await target.revoke(person.subId), 204);
    const until = performance.now() + WAIT_MS;
    for (;;) {
      const request = await receiver.next(until);
      if (!request) throw new Mismatch(`no logout token came within ${WAIT_MS / 1000} s`);
      if (await look(request, jwksUri, person)) return;
    }
  } finally {
    await receiver.stop();
  }
}

function checkClaims(claims: EventClaims, issuer: string, clientId: string): void {
  const { iss, aud, iat, exp, jti, events, nonce, sub, sid } = claims;
  expectThat(iss === issuer, `its iss is ${String(iss)}`);
  expectThat([aud].flat().includes(clientId), `its aud is ${String(aud)}`);
  expectThat(iat !== undefined && exp !== undefined && jti !== undefined, 'it lacks iat, exp or jti');
  const event = events?.[EVENT];
  expectThat(typeof event === 'object' && event !== null, `its events are ${JSON.stringify(events)}`);
  expectThat(sub !== undefined || sid !== undefined, 'it has neither sub nor sid');
  expectThat(nonce === undefined, 'it has a nonce');
}
