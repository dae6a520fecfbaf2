import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { getRepositoryToken } from '@nestjs/typeorm';
import express from 'express';
import { epochContext, OidcRevocation } from 'nestjs-global-revocation/oidc-provider';
import Provider from 'oidc-provider';
import { AppModule } from './app.module.js';
import { interaction } from './interaction.js';
import { hashPassword } from './passwords.js';
import { Person } from './person.js';

const app = await NestFactory.create(AppModule, { logger: ['warn', 'error', 'fatal'] });
await app.init();
const people = app.get(getRepositoryToken(Person));
const provider = app.get(Provider);
const callback = provider.callback();
const revocations = app.getHttpAdapter().getInstance();

// Somebody who can sign in, for this example.
if ((await people.count()) === 0) {
  await people.insert({ id: randomUUID(), email: 'alice@example.com', password: await hashPassword('rabbit hole') });
}

const server = express();
server.use(epochContext); // before everything that touches credentials
server.use('/interaction', interaction(provider, app.get(OidcRevocation), people));
server.use((request, response) => {
  const isRevocation = request.path === '/global-token-revocation';
  void (isRevocation ? revocations : callback)(request, response);
});
server.listen(process.env.PORT ?? 3000);
