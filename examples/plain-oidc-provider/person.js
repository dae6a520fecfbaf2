import { EntitySchema, Table } from 'typeorm';

/** The people who can sign in, as a TypeORM entity without decorators. */
export const Person = new EntitySchema({
  name: 'Person',
  tableName: 'person',
  columns: {
    id: { type: 'varchar', length: 36, primary: true },
    email: { type: 'varchar', length: 200, unique: true },
    /** scrypt, `salt.hash` in base64url. */
    password: { type: 'varchar', length: 200 },
  },
});

export class CreatePerson1 {
  name = 'CreatePerson1700000000001';

  async up(runner) {
    const text = (name, length, more) => ({ name, type: 'varchar', length: String(length), ...more });
    const columns = [
      text('id', 36, { isPrimary: true }),
      text('email', 200, { isUnique: true }),
      text('password', 200),
    ];
    await runner.createTable(new Table({ name: 'person', columns }));
  }

  async down(runner) {
    await runner.dropTable('person');
  }
}
