import { isDeepStrictEqual } from 'node:util';
import { expectStatus, expectThat } from '../expect.js';
import { type RequirementGroup, requirementsOf } from '../requirement.js';
import { SignalStream } from '../signal-stream.js';

const feature = 'Shared Signals';
const framework = requirementsOf('OpenID.SSF', { needs: ['signals_receiver'], feature });
const caep = requirementsOf('OpenID.CAEP', { needs: ['signals_receiver', 'caller', '--sign-in'], feature });

const VERIFICATION = 'https://schemas.openid.net/secevent/ssf/event-type/verification';
const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';

/** Requirements about receivers that are told about a revocation. */
export const sharedSignals: RequirementGroup = {
  title: 'Shared Signals',
  requirements: [
    framework.must(
      '8.1.4.2',
      'A polled stream delivers the verification that its receiver requested, with the same state',
      (target) =>
        SignalStream.during(target, [SESSION_REVOKED], async (stream) => {
          const state = crypto.randomUUID();
          await stream.verify(state);
          const { event } = await stream.next(VERIFICATION);
          expectThat(event['state'] === state, `its state is ${String(event['state'])}`);
        }),
    ),
    caep.should('3.1', 'After a revocation, a stream about the person delivers session-revoked', (target) =>
      SignalStream.during(target, [SESSION_REVOKED], async (stream) => {
        const { subId, person } = await target.person();
        const named = person.identifiers.find(({ format }) => format === 'iss_sub') ?? subId;
        await stream.add(named);
        expectStatus(await target.revoke(subId), 204);
        const { claims } = await stream.next(SESSION_REVOKED);
        const isPerson = person.identifiers.some((each) => isDeepStrictEqual({ ...each }, claims.sub_id));
        expectThat(isPerson, `its sub_id is ${JSON.stringify(claims.sub_id)}`);
      }),
    ),
  ],
};
