import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { BasicStrategy } from 'passport-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../../../../src/module/caller/clients/client.entity.js';
import { sha256Hex } from '../../../../src/module/database/digest.js';
import { asOperator, send, uidBody } from '../../endpoint/send.js';
import { databases } from '../../../support/databases.js';
import { freePort } from '../../../support/free-port.js';
import { basic } from '../../../support/operator.js';
import { demoOperator } from '../../../support/people.js';
import { startServer, type TestServer } from '../../../support/server.js';

/** A host's own strategy, under the name every passport-http strategy has. */
class HostBasicStrategy extends PassportStrategy(BasicStrategy) {
  validate(name: string, password: string): { name: string } | false {
    return name === 'host' && password === 'host-password' && { name };
  }
}

@Controller('own')
@UseGuards(AuthGuard('basic'))
class OwnController {
  @Get()
  own(): string {
    return 'own';
  }
}

@Module({ providers: [HostBasicStrategy], controllers: [OwnController] })
class HostModule {}

describe('several applications in one process', () => {
  const servers: TestServer[] = [];
  const own = async (url: string, authorization: string): Promise<number> =>
    (await fetch(`${url}/own`, { headers: { authorization } })).status;
  const revokeWith = async (server: TestServer, secret: string): Promise<number> => {
    const headers = { ...asOperator, authorization: basic(demoOperator.clientId, secret) };
    return (await send(server.endpoint, { headers, body: uidBody('bob') })).status;
  };
  const strategies = (): string[] => Object.keys(Reflect.get(passport, '_strategies') as object);
  const before = strategies();

  beforeAll(async () => {
    for (const secret of ['first', 'second', 'third']) {
      const server = await startServer(databases[0]!);
      const repository = server.dataSource.getRepository(Client);
      await repository.update({ clientId: 'demo-operator' }, { secretHash: sha256Hex(secret) });
      servers.push(server);
    }
  });
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  test('applications with the same client ID accept only their own secrets', async () => {
    const statuses = servers.map((server) => Promise.all(['first', 'second'].map((s) => revokeWith(server, s))));
    expect((await Promise.all(statuses)).slice(0, 2)).toEqual([
      [204, 401],
      [401, 204],
    ]);
  });

  test('a later host strategy named basic does not replace the one of the module', async () => {
    const host = await NestFactory.create(HostModule, { logger: false });
    const url = `http://127.0.0.1:${await freePort()}`;
    await host.listen(Number(new URL(url).port), '127.0.0.1');

    expect(await own(url, basic('host', 'host-password'))).toBe(200);
    expect(await own(url, basic('demo-operator', 'first'))).toBe(401);
    expect(await revokeWith(servers[0]!, 'first')).toBe(204);
    expect(await revokeWith(servers[0]!, 'host-password')).toBe(401);
    await host.close();
  });

  test('closing one application removes its strategy and leaves the others working', async () => {
    const count = strategies().length;
    await servers.pop()!.stop();

    expect(strategies()).toHaveLength(count - 1);
    expect(await revokeWith(servers[0]!, 'first')).toBe(204);
    expect(await revokeWith(servers[1]!, 'second')).toBe(204);
    expect(strategies().filter((name) => name.startsWith('global-revocation'))).toHaveLength(
      before.filter((name) => name.startsWith('global-revocation')).length + 2,
    );
  });
});
