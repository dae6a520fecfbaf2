// Loaded before a server or a command, makes it one of a later version: a table is new, and every table that is written to has
// a column and an index more.
import 'reflect-metadata';
import { Table, TableColumn, TableIndex } from 'typeorm';
import { coreMigrations } from '../../src/module/dist/entities.js';

const TABLES = ['gtr_revocation', 'gtr_oidc_record', 'gtr_subject_epoch', 'gtr_client', 'op_user'];

class Later {
  name = 'GtrLater9763769600000';

  async up(runner) {
    const columns = [{ name: 'id', type: 'varchar', length: '36', isPrimary: true }];
    await runner.createTable(new Table({ name: 'gtr_later', columns }));
    for (const table of TABLES) {
      await runner.addColumn(table, new TableColumn({ name: 'later', type: 'bigint', default: 0 }));
      await runner.createIndex(table, new TableIndex({ name: `${table}_later`, columnNames: ['later'] }));
    }
  }
}
coreMigrations.push(Later);
