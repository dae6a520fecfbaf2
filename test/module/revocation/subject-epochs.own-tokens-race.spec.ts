import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { afterEach, expect, test } from 'vitest';
import { RevocationService } from '../../../src/module/index.js';
import { PeopleService } from '../../docs/app/people.module.js';
import { RefreshTokens } from '../../docs/app/refresh-tokens.service.js';
import { EpochToken } from '../../docs/app/epoch-token.entity.js';
import { blockOf } from '../../docs/blocks.js';
import { describeEachDatabase, type TestDatabase } from '../../support/databases.js';
import { type NestHost, startNestHost } from '../../support/nest-host.js';

const ROUNDS = { sqlite: 50, mariadb: 200, postgres: 200 };
const ROUNDS_OF_EVERYBODY = 50;
const REFRESHES = 4;

/** Whoever one asks for; a password takes its time. */
@Injectable()
class SlowPeople extends PeopleService {
  /** Called when a password is about to be checked. */
  whenChecked: () => void = () => {};

  find(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  findByName(name: string) {
    const hasPassword = async (password: string): Promise<boolean> => {
      this.whenChecked();
      await sleep(2);
      return password === 'right';
    };
    return Promise.resolve({ id: name, hasPassword });
  }
}

/** The same, but for one line: a new token gets the epoch as it stands when it is made. */
@Injectable()
class AskedAnew extends RefreshTokens {
  protected override async issue(userId: string): Promise<string> {
    return super.issue(userId, String(await this['epochs'].epochForSignIn(userId)));
  }
}

let host: NestHost | undefined;
afterEach(async () => {
  await host?.stop();
  host = undefined;
});

async function start(database: TestDatabase, Tokens = RefreshTokens) {
  const providers = [
    { provide: PeopleService, useClass: SlowPeople },
    { provide: RefreshTokens, useClass: Tokens },
  ];
  host = await startNestHost(database, { entities: [EpochToken], module: { providers } });
  const { app } = host;
  return {
    tokens: app.get(RefreshTokens),
    people: app.get<SlowPeople>(PeopleService),
    revocations: app.get(RevocationService),
  };
}

type Started = Awaited<ReturnType<typeof start>>;

/** How a round ends what a user has. */
type Revoke = (revocations: RevocationService, user: string) => Promise<string>;

const revokeUser: Revoke = (revocations, user) => revocations.revoke(user, { actor: 'test' });
const revokeEverybody: Revoke = (revocations) => revocations.revokeEverybody({ actor: 'test' });

/** Refreshes and a sign-in are under way when their user is revoked. @returns what came of them, and what of it lives */
async function round(
  { tokens, people, revocations }: Started,
  user: string,
  revoke: Revoke,
): Promise<{ made: number; alive: number }> {
  const signIns = Array.from({ length: REFRESHES }, () => tokens.signIn(user, 'right'));
  const before = await Promise.all(signIns);
  const isChecked = new Promise<void>((resolve) => (people.whenChecked = resolve));
  const signingIn = tokens.signIn(user, 'right');
  await isChecked;
  const underWay = Promise.allSettled([signingIn, ...before.map((token) => tokens.refresh(token))]);
  await sleep(Math.random() * 4);
  await revoke(revocations, user);
  const made = (await underWay).filter((outcome) => outcome.status === 'fulfilled').map(({ value }) => value);
  const found = await Promise.allSettled([...before, ...made].map((token) => tokens.find(token)));
  return { made: made.length, alive: found.filter(({ status }) => status === 'fulfilled').length };
}

/** At most so many, until something survives. @returns how many there were, and what came of them */
async function rounds(
  started: Started,
  atMost: number,
  revoke = revokeUser,
): Promise<{ n: number; made: number; alive: number }> {
  const sum = { n: 0, made: 0, alive: 0 };
  while (sum.n < atMost && sum.alive === 0) {
    const { made, alive } = await round(started, `person-${sum.n}`, revoke);
    sum.n += 1;
    sum.made += made;
    sum.alive += alive;
  }
  return sum;
}

const GUIDE = 'docs/guides/own-tables.md';

test('the guide shows exactly the code that is tested here', async () => {
  const source = await readFile('test/docs/app/refresh-tokens.service.ts', 'utf8');
  expect(blockOf(GUIDE, 'class RefreshTokens')).toBe(
    source.replace('../../../src/module/index.js', 'nestjs-global-revocation'),
  );
  expect(blockOf(GUIDE, 'class EpochToken')).toBe(await readFile('test/docs/app/epoch-token.entity.ts', 'utf8'));
});

describeEachDatabase('refresh tokens of a host with epochs as in the guide', (database) => {
  const atMost = ROUNDS[database.name];

  test(`no token survives ${atMost} revocations during refreshes and a sign-in`, async () => {
    const { n, made, alive } = await rounds(await start(database), atMost);
    expect({ n, alive }).toEqual({ n: atMost, alive: 0 });
    expect(made).toBeGreaterThan(atMost); // in each, something was under way
  });

  test(`no token survives ${ROUNDS_OF_EVERYBODY} revocations of everybody during refreshes and a sign-in`, async () => {
    const { n, made, alive } = await rounds(await start(database), ROUNDS_OF_EVERYBODY, revokeEverybody);
    expect({ n, alive }).toEqual({ n: ROUNDS_OF_EVERYBODY, alive: 0 });
    expect(made).toBeGreaterThan(ROUNDS_OF_EVERYBODY);
  });

  test('each token works once without a revocation, and also after signing in again', async () => {
    const { tokens, revocations } = await start(database);
    const first = await tokens.signIn('ann', 'right');
    const second = await tokens.refresh(first);
    expect(await tokens.find(second)).toMatchObject({ userId: 'ann' });
    await expect(tokens.refresh(first)).rejects.toThrow('Unauthorized');
    await expect(tokens.signIn('ann', 'wrong')).rejects.toThrow('Unauthorized');
    await revocations.revoke('ann', { actor: 'test' });
    await expect(tokens.find(second)).rejects.toThrow('Unauthorized');
    expect(await tokens.find(await tokens.signIn('ann', 'right'))).toMatchObject({ userId: 'ann' });
  });

  test('control: tokens survive when the epoch is read only when a token is made', async () => {
    expect((await rounds(await start(database, AskedAnew), 200)).alive).toBeGreaterThan(0);
  });

  test('control: the same, when everybody is revoked', async () => {
    expect((await rounds(await start(database, AskedAnew), 200, revokeEverybody)).alive).toBeGreaterThan(0);
  });
});
