import libsql from 'libsql';

const url = process.env['DATABASE_URL'];

/** The PostgreSQL, MySQL or MariaDB server that `DATABASE_URL` names, or else a SQLite file. */
export const database = url
  ? ({ type: url.startsWith('postgres') ? 'postgres' : 'mariadb', url } as const)
  : ({ type: 'better-sqlite3', driver: libsql, database: 'app.sqlite', enableWAL: true } as const);
