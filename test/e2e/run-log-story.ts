import { alice, bob, demoNoScope, demoOperator } from '../support/people.js';
import { Actors, type Held } from './run-log-actors.js';
import { LogBook } from './run-log-book.js';
import { ISSUER } from './run-log-mask.js';

const WHO = '{"sub_id":{"format":"uid","id":"alice"}}';

/** Plays the whole story over HTTP. @returns every request and every answer, secrets masked */
export async function tellStory(home: string): Promise<string> {
  const book = new LogBook(home);
  const people = new Actors(book);
  book.say(
    'Global token revocation: a run from beginning to end',
    '',
    'Every request to the reference server and every answer, in order. Secrets, codes, tokens, cookies, ids and times have',
    'names such as <access-token-1>; the same value has the same name wherever it returns. Of the headers those are shown',
    'that matter, of a page what a person reads. `npm run run-log` writes this file, `npm run run-log:check` and every test',
    'run play the story again on each database and compare.',
  );

  book.headline(
    '1. Alice signs in to the demo app',
    'The app sends her browser here; she types her password and allows access.',
  );
  const browser = people.browserOf(alice);
  const hers = await people.signIn(browser, alice);

  book.headline(
    '2. Alice connects a device',
    'The device shows a code; she types it in her browser, where she is signed in.',
  );
  const onDevice = (await (await people.poll(await people.approvedDevice(browser, alice))).json()) as Held;

  book.headline('3. Two sign-ins of hers are not finished yet', 'A code that the app has not redeemed …');
  const code = await people.code(browser, alice);
  book.say('… and a second device, approved, that has not asked for its tokens.');
  const approved = await people.approvedDevice(browser, alice);

  book.headline('4. Bob signs in as well', 'Nothing of what follows is about him.');
  const bobsBrowser = people.browserOf(bob);
  const his = await people.signIn(bobsBrowser, bob);

  book.headline('5. Everything works', "Alice's tokens are active, the app reads who she is, and gets fresh tokens.");
  await people.introspect(hers.access_token);
  await people.introspect(onDevice.access_token);
  await people.userinfo(hers);
  const fresh = (await (await people.refresh(hers)).json()) as Held;

  book.headline(
    '6. The operator revokes Alice',
    `  curl -u demo-operator:$SECRET -H 'Content-Type: application/json' \\`,
    `    -d '${WHO}' \\`,
    `    ${ISSUER}/global-token-revocation`,
  );
  book.say('A client that may not is refused, and nothing happens:');
  await people.revoke('noscope', demoNoScope, WHO);
  book.say('The operator may:');
  await people.revoke('operator', demoOperator, WHO);

  book.headline(
    '7. From here on everything Alice had is refused',
    'Access and refresh tokens, of the app and of the device:',
  );
  for (const token of [hers.access_token, fresh.access_token, fresh.refresh_token]) await people.introspect(token);
  for (const token of [onDevice.access_token, onDevice.refresh_token]) await people.introspect(token);
  book.say('The app cannot read who she is, and gets no fresh tokens:');
  await people.userinfo(fresh);
  await people.refresh(fresh);
  book.say('The code from before is worth nothing, nor is the approved device:');
  await people.token(code);
  await people.poll(approved);
  book.say('Her browser is not signed in any more:');
  await people.silently(browser);

  book.headline('8. Bob has noticed nothing', 'His tokens from before, his session and his refresh token work.');
  await people.introspect(his.access_token);
  await people.userinfo(his);
  await people.refresh(his);
  await people.silently(bobsBrowser);

  book.headline('9. Alice signs in anew', 'In the same browser, with her password, and everything works again.');
  const anew = await people.signIn(browser, alice);
  await people.introspect(anew.access_token);
  await people.userinfo(anew);
  book.say('What she had before stays refused:');
  await people.introspect(fresh.access_token);
  await people.refresh(fresh);
  return book.toString();
}
