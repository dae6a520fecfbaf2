import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { createApp } from './app.js';
import { hashPassword } from './passwords.js';
import { Person } from './person.entity.js';
import { port } from './settings.js';

const app = await createApp();

// Somebody who can sign in, for this example.
const people = app.get(DataSource).getRepository(Person);
if ((await people.count()) === 0) {
  await people.insert({ id: randomUUID(), email: 'alice@example.com', password: await hashPassword('rabbit hole') });
}

await app.listen(port);
