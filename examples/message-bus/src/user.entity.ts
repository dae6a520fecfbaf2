import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner } from 'typeorm';

@Entity('app_user')
export class User {
  @PrimaryColumn('varchar', { length: 36 })
  id!: string;

  @Column('varchar', { length: 100 })
  login!: string;
}

/** The table, with alice and bob. */
export class CreateUser1 implements MigrationInterface {
  readonly name = 'CreateUser1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE app_user (id varchar(36) PRIMARY KEY, login varchar(100) NOT NULL)');
    await runner.query("INSERT INTO app_user VALUES ('u-1', 'alice'), ('u-2', 'bob')");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE app_user');
  }
}
