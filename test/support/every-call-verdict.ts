import type { Run } from './every-call-run.js';
import { isJwt, validNow } from './jwt-api.js';
import { alice, bob } from './people.js';

/**
 * What is wrong after a run in which alice was revoked, in words. Dead is all that was handed out, unless she typed her
 * password after the revocation: then what came of that is alive. Another person is never affected.
 */
export async function verdict(run: Run): Promise<string[]> {
  const faults = [...run.faults];
  const expect = (what: string, isAlive: boolean, mayLive: boolean): void => {
    if (isAlive !== mayLive) faults.push(`${what} is ${isAlive ? 'alive' : 'dead'}`);
  };
  const of = (person: { id: string }) => run.tokens.filter(({ sub }) => sub === person.id);
  for (const { tokens, late } of of(alice).filter(({ tokens: { access_token: token } }) => isJwt(token))) {
    expect('JWT', (await validNow(run.world.server, [tokens.access_token])) === 1, late);
  }
  for (const { tokens, to, late } of of(alice).filter(({ tokens: { access_token: token } }) => !isJwt(token))) {
    expect('access token', (await to.introspect(tokens.access_token)).active, late);
    expect('access token at userinfo', (await to.userinfo(tokens.access_token)).ok, late);
  }
  expect('session', (await run.session()) === alice, run.late);
  for (const { tokens, to, late } of of(alice).filter(({ tokens }) => tokens.refresh_token)) {
    expect('refresh token', (await to.introspect(tokens.refresh_token!)).active, late);
    expect('refreshing', (await run.ask(to.refresh(tokens.refresh_token!))) !== undefined, late);
  }
  for (const { request, page, late } of run.codes) {
    expect('code', (await run.ask(run.world.app.redeem(request, page))) !== undefined, late);
  }
  for (const started of run.devices) {
    expect('device code', (await run.ask(run.world.device.poll(started))) !== undefined, false);
  }
  if (run.late)
    expect(
      'what she signed in for',
      of(alice).some(({ late }) => late),
      true,
    );
  for (const { tokens, to } of of(bob)) {
    expect('token of the other person', (await to.introspect(tokens.access_token)).active, true);
  }
  return [...new Set([...faults, ...run.faults])];
}
