import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, inject, test } from 'vitest';

/** All that a resource server needs without Nest, and with it. */
const NEEDED = {
  plain: ['jose', 'valibot', 'ipaddr.js'],
  nest: ['@nestjs/common', '@nestjs/core', '@nestjs/platform-express', 'reflect-metadata'],
};
const OPTIONS = "{ issuer: 'https://op.example.com', audience: 'https://api.example.com' }";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(inject('tempDir'), 'api-'));
  const own = join(folder, 'node_modules/nestjs-global-revocation');
  await mkdir(own, { recursive: true });
  for (const file of ['dist', 'package.json']) await cp(join('src/module', file), join(own, file), { recursive: true });
  await link(NEEDED.plain);
});

async function link(names: string[]): Promise<void> {
  for (const name of names) {
    const place = join(folder, 'node_modules', name);
    await mkdir(dirname(place), { recursive: true });
    await symlink(resolve('node_modules', name), place);
  }
}

const run = (program: string, type = 'module'): Promise<{ stdout: string }> =>
  promisify(execFile)(process.execPath, [`--input-type=${type}`, '-e', program], { cwd: folder });

describe('nestjs-global-revocation/resource-server where neither Nest nor TypeORM is installed', () => {
  const program = `
    const { createAccessTokenVerifier, rejectionOf } = IMPORTED;
    const verifier = createAccessTokenVerifier(${OPTIONS});
    verifier.verify({ headers: {} }).catch((error) => console.log(JSON.stringify(rejectionOf(error))));
  `;

  test.each([
    ['import', 'module', "await import('nestjs-global-revocation/resource-server')"],
    ['require', 'commonjs', "require('nestjs-global-revocation/resource-server')"],
  ])('%s works, and a request without a token is rejected', async (_, type, imported) => {
    const { stdout } = await run(program.replace('IMPORTED', imported), type);
    expect(JSON.parse(stdout)).toMatchObject({ status: 401, headers: { 'WWW-Authenticate': 'Bearer' } });
  });
});

describe('nestjs-global-revocation where Nest is installed, but neither TypeORM nor Passport', () => {
  beforeAll(() => link(NEEDED.nest));

  test('the guard protects the routes of an API', async () => {
    const { stdout } = await run(`
      import { Controller, Get, Module, UseGuards } from '@nestjs/common';
      import { NestFactory } from '@nestjs/core';
      import { AccessTokenGuard, ResourceServerModule } from 'nestjs-global-revocation/resource-server';
      class Things { list() { return 'things'; } }
      Get()(Things.prototype, 'list', Object.getOwnPropertyDescriptor(Things.prototype, 'list'));
      Controller('things')(Things);
      UseGuards(AccessTokenGuard)(Things);
      class Api {}
      Module({ imports: [ResourceServerModule.forRoot(${OPTIONS})], controllers: [Things] })(Api);
      const app = await NestFactory.create(Api, { logger: false });
      await app.listen(0, '127.0.0.1');
      const { status, headers } = await fetch(await app.getUrl() + '/things');
      console.log(status, headers.get('WWW-Authenticate'));
      await app.close();
    `);
    expect(stdout).toBe('401 Bearer\n');
  });

  test('the main entry point names a package to install', async () => {
    await expect(run("await import('nestjs-global-revocation')")).rejects.toThrow(
      /Cannot find package '(@nestjs\/typeorm|typeorm|@nestjs\/passport|passport)[^']*' imported from .*nestjs-global-revocation/,
    );
  });
});
