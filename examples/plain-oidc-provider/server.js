import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { getRepositoryToken } from '@nestjs/typeorm';
import express from 'express';
import { epochContext, OidcRevocation } from 'nestjs-global-revocation/oidc-provider';
import Provider from 'oidc-provider';
import { AppModule } from './app.module.js';
import { interaction } from './interaction.js';
import { hashPassword } from './passwords.js';
import { Person } from './person.js';

const server = express();
const app = await NestFactory.create(AppModule, new ExpressAdapter(server), { logger: ['warn', 'error', 'fatal'] });
const people = app.get(getRepositoryToken(Person));
const provider = app.get(Provider);
const callback = provider.callback();

// Somebody who can sign in, for this example.
if ((await people.count()) === 0) {
  await people.insert({ id: randomUUID(), email: 'alice@example.com', password: await hashPassword('rabbit hole') });
}

server.use(epochContext); // before everything that touches credentials
server.use('/interaction', interaction(provider, app.get(OidcRevocation), people));
server.use((request, response, next) => {
  if (request.path === '/global-token-revocation') next();
  else void callback(request, response);
});
await app.listen(process.env.PORT ?? 3000);
