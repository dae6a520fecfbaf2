import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, inject, test } from 'vitest';

/** All that a resource server needs; neither Nest nor TypeORM. */
const NEEDED = ['jose', 'valibot', 'ipaddr.js'];

describe('nestjs-global-revocation/resource-server where neither Nest nor TypeORM is installed', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(inject('tempDir'), 'api-'));
    const own = join(folder, 'node_modules/nestjs-global-revocation');
    await mkdir(own, { recursive: true });
    for (const file of ['dist', 'package.json'])
      await cp(join('src/module', file), join(own, file), { recursive: true });
    for (const name of NEEDED) {
      const place = join(folder, 'node_modules', name);
      await mkdir(dirname(place), { recursive: true });
      await symlink(resolve('node_modules', name), place);
    }
  });

  const program = `
    const { createAccessTokenVerifier, rejectionOf } = IMPORTED;
    const verifier = createAccessTokenVerifier({ issuer: 'https://op.example.com', audience: 'https://api.example.com' });
    verifier.verify({ headers: {} }).catch((error) => console.log(JSON.stringify(rejectionOf(error))));
  `;

  test.each([
    ['import', 'module', "await import('nestjs-global-revocation/resource-server')"],
    ['require', 'commonjs', "require('nestjs-global-revocation/resource-server')"],
  ])('%s works, and a request without a token is rejected', async (_, type, imported) => {
    const args = [`--input-type=${type}`, '-e', program.replace('IMPORTED', imported)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({ status: 401, headers: { 'WWW-Authenticate': 'Bearer' } });
  });
});
