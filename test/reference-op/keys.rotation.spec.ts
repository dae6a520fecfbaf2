import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { expect, inject, test } from 'vitest';
import { developmentKeys } from '../../src/reference-op/settings/settings-development-keys.js';
import { Browser } from '../support/browser.js';
import { describeEachDatabase } from '../support/databases.js';
import { alice, bob, breakfast } from '../support/people.js';
import { RelyingParty } from '../support/relying-party.js';
import { startServer, type TestServer } from '../support/server.js';

const folder = () => mkdtemp(join(inject('tempDir'), 'rotation-'));

describeEachDatabase('signing, cookie and storage keys', (database) => {
  test('replacing them step by step keeps old tokens and sessions valid', async () => {
    const [old, next] = [await developmentKeys(await folder()), await developmentKeys(await folder())];
    const [file, storageFile] = [join(await folder(), 'signing-keys.json'), join(await folder(), 'storage-key')];
    const own = await database.create();
    let server: TestServer | undefined;
    const restart = async (signing: object[], cookies: string[], storage: string[]): Promise<RelyingParty> => {
      await server?.stop();
      await writeFile(file, JSON.stringify({ keys: signing }));
      await writeFile(storageFile, `${storage.join('\n')}\n`);
      const files = { GTR_SIGNING_KEYS_FILE: file, GTR_STORAGE_KEY_FILE: storageFile };
      const env = { ...files, GTR_COOKIE_KEYS: cookies.join(',') };
      server = await startServer(database, { databaseUrl: own.url, env });
      return RelyingParty.discover(server);
    };
    const published = async () => {
      const { keys } = (await (await fetch(`${server!.url}/jwks`)).json()) as { keys: Array<{ kid: string }> };
      return keys.map(({ kid }) => kid);
    };
    const [oldKey, nextKey] = [old.signing.keys[0]!, next.signing.keys[0]!];
    const kidOf = (token: string | undefined) => decodeProtectedHeader(token!).kid;

    let app = await restart([oldKey], old.cookies, [old.storage]);
    const browser = new Browser(server!.url);
    const isSignedIn = async ({ jar } = browser): Promise<boolean> => {
      const moved = Object.assign(new Browser(server!.url), { jar });
      return (await app.silently(moved)).url.searchParams.has('code');
    };
    const first = await app.signIn(browser, alice);
    expect(kidOf(first.id_token)).toBe(oldKey.kid);
    const whileSignedIn = await app.signIn(new Browser(server!.url), bob, { scope: 'openid' }); // found by its session's uid

    app = await restart([oldKey, nextKey], [...old.cookies, ...next.cookies], [old.storage, next.storage]);
    expect(await published()).toEqual([oldKey.kid, nextKey.kid]);
    expect(await isSignedIn()).toBe(true);
    const second = await app.refresh(first.refresh_token!);
    expect(kidOf(second.id_token)).toBe(oldKey.kid);

    app = await restart([nextKey, oldKey], [...next.cookies, ...old.cookies], [next.storage, old.storage]);
    expect(await isSignedIn()).toBe(true);
    expect(await published()).toEqual([nextKey.kid, oldKey.kid]);
    const third = await app.refresh(second.refresh_token!);
    expect(kidOf(third.id_token)).toBe(nextKey.kid);
    expect((await app.introspect(third.access_token)).active).toBe(true);
    expect((await app.userinfo(whileSignedIn.access_token)).status).toBe(200);
    const another = new Browser(server!.url);
    const since = await app.signIn(another, breakfast);

    app = await restart([nextKey], next.cookies, [next.storage]);
    expect(await isSignedIn(another)).toBe(true);
    expect(kidOf((await app.refresh(since.refresh_token!)).id_token)).toBe(nextKey.kid);
    await server!.stop();
    await own.drop();
  });
});
