import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { expect, inject, test } from 'vitest';
import { developmentKeys } from '../../src/server/settings-development-keys.js';
import { Browser } from '../support/browser.js';
import { databases } from '../support/databases.js';
import { alice } from '../support/people.js';
import { RelyingParty } from '../support/relying-party.js';
import { startServer, type TestServer } from '../support/server.js';

const folder = () => mkdtemp(join(inject('tempDir'), 'rotation-'));

test('keys are replaced step by step → published before it signs, old tokens and sessions stay good', async () => {
  const [old, next] = [await developmentKeys(await folder()), await developmentKeys(await folder())];
  const file = join(await folder(), 'signing-keys.json');
  const own = await databases[0]!.create();
  let server: TestServer | undefined;
  const restart = async (signing: object[], cookies: string[]): Promise<RelyingParty> => {
    await server?.stop();
    await writeFile(file, JSON.stringify({ keys: signing }));
    const env = { GTR_SIGNING_KEYS_FILE: file, GTR_COOKIE_KEYS: cookies.join(','), GTR_STORAGE_KEY: old.storage };
    server = await startServer(databases[0]!, { databaseUrl: own.url, env });
    return RelyingParty.discover(server);
  };
  const published = async () => {
    const { keys } = (await (await fetch(`${server!.url}/jwks`)).json()) as { keys: Array<{ kid: string }> };
    return keys.map(({ kid }) => kid);
  };
  const [oldKey, nextKey] = [old.signing.keys[0]!, next.signing.keys[0]!];
  const kidOf = (token: string | undefined) => decodeProtectedHeader(token!).kid;

  let app = await restart([oldKey], old.cookies);
  const browser = new Browser(server!.url);
  const first = await app.signIn(browser, alice);
  expect(kidOf(first.id_token)).toBe(oldKey.kid);

  app = await restart([oldKey, nextKey], [next.cookies[0]!, ...old.cookies]);
  expect(await published()).toEqual([oldKey.kid, nextKey.kid]);
  const moved = Object.assign(new Browser(server!.url), { jar: browser.jar });
  expect((await app.silently(moved)).url.searchParams.get('code')).toBeTruthy();
  const second = await app.refresh(first.refresh_token!);
  expect(kidOf(second.id_token)).toBe(oldKey.kid);

  app = await restart([nextKey, oldKey], [next.cookies[0]!]);
  expect(await published()).toEqual([nextKey.kid, oldKey.kid]);
  const third = await app.refresh(second.refresh_token!);
  expect(kidOf(third.id_token)).toBe(nextKey.kid);
  expect((await app.introspect(third.access_token)).active).toBe(true);
  await server!.stop();
  await own.drop();
});
