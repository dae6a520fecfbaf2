// Loaded before a server, makes it one of an earlier version: it knows neither the newest tables nor their migrations.
import 'reflect-metadata';
import { coreEntities, coreMigrations } from '../../src/module/dist/entities.js';
import { opMigrations } from '../../src/reference-op/dist/op/entities.js';

const without = (list, names) => {
  for (const name of names) list.splice(list.map((each) => each.name).indexOf(name) >>> 0, 1);
};
without(coreMigrations, ['CreateChange6']);
without(opMigrations, ['IndexOpUserPhone2']);
without(coreEntities, ['Change']);
