import { createHash } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { Client, GLOBAL_REVOCATION_SCOPE } from 'nestjs-global-revocation';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module';

const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex');

/** Registers the caller whose id and secret are in the environment. */
async function registerCaller(dataSource: DataSource): Promise<void> {
  const { CALLER_ID: clientId = '', CALLER_SECRET: secret = '' } = process.env;
  const hashes = { clientIdHash: sha256(clientId), secretHash: sha256(secret) };
  await dataSource
    .getRepository(Client)
    .upsert({ clientId, ...hashes, scope: GLOBAL_REVOCATION_SCOPE, enabled: 1, demo: 0, metadata: {} }, [
      'clientIdHash',
    ]);
}

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: ['error', 'fatal'] });
  app.enableShutdownHooks();
  await registerCaller(app.get(DataSource));
  await app.listen(process.env['PORT'] ?? 3000, '127.0.0.1');
  console.log(await app.getUrl());
}

void main();
