import { setTimeout as sleep } from 'node:timers/promises';
import { expectStatus, expectThat } from '../expect.js';
import { NotTested } from '../outcome.js';
import { type RequirementGroup, requirementsOf } from '../requirement.js';
import { type FetchedList, fetchList, isListed, type StatusReference, statusOf } from '../status-list.js';
import type { Target } from '../target.js';
import type { SignedIn } from '../signed-in.js';

const status = requirementsOf('Token Status List', {
  needs: ['--sign-in'],
  feature: 'status lists of JWT access tokens',
});

/** Longest `ttl` that the suite waits for, in seconds. */
const TTL_MAX = 300;
/** Time between two requests for the list, in milliseconds. */
const POLL_MS = 500;

/** Requirements about JWT access tokens that refer to a status list. */
export const statusList: RequirementGroup = {
  title: 'JWT access tokens',
  requirements: [
    status.must(
      '5.1',
      'The list that a JWT names is a statuslist+jwt whose sub is the address of the list',
      async (target) => {
        const { list, uri } = await listed(target);
        expectThat(list.typ === 'statuslist+jwt', `its typ is ${String(list.typ)}`);
        expectThat(list.sub === uri, `its sub is ${String(list.sub)}`);
        expectThat(typeof list.iat === 'number', 'it has no iat');
      },
    ),
    status.must('8.3', 'JWT access tokens end within the advertised ttl', endsInTime, { needs: ['caller'] }),
  ],
};

async function endsInTime(target: Target): Promise<void> {
  const { person, index, uri, list } = await listed(target);
  const { ttl } = list;
  if (ttl === undefined) throw new NotTested('the list has no ttl');
  if (ttl > TTL_MAX) throw new NotTested(`the ttl of the list is ${ttl} s`);
  expectThat(!isListed(list, index), 'the list said that the JWT had ended before the revocation, too');
  expectStatus(await target.revoke(person.subId), 204);
  const deadline = performance.now() + ttl * 1000;
  for (let sentAt = 0; !isListed(await fetchList(uri), index); sentAt = performance.now()) {
    expectThat(sentAt < deadline, `the list still says ${ttl} s after the 204 that the JWT is valid`);
    await sleep(POLL_MS);
  }
}

/** Signs a person in. @throws NotTested if the server has no status lists */
async function listed(target: Target): Promise<StatusReference & { person: SignedIn; list: FetchedList }> {
  await target.metadataUrl('status_list_aggregation_endpoint');
  const person = await target.person();
  const reference = statusOf(person.jwtAccessToken);
  return { ...reference, person, list: await fetchList(reference.uri) };
}
