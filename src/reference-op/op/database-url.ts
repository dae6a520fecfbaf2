import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

/** The TLS options of the drivers. */
interface Tls {
  rejectUnauthorized: boolean;
  /** Whether the certificate must match the host name. */
  verifyIdentity: boolean;
  ca?: string;
  cert?: string;
  key?: string;
}

/** A `DATABASE_URL` as options of the driver. */
export interface Connection {
  host: string;
  port: number;
  username: string;
  password: string;
  database: string;
  ssl?: Tls;
  socketPath?: string;
}

/** A `DATABASE_URL` as options of the PostgreSQL driver. */
export type PostgresConnection = Omit<Connection, 'ssl' | 'socketPath'> & {
  schema?: string;
  ssl?: PostgresTls;
};

type PostgresTls = Omit<Tls, 'verifyIdentity'> & { checkServerIdentity?: () => undefined };

type Checks = Pick<Tls, 'rejectUnauthorized' | 'verifyIdentity'>;

const NOT_CHECKED: Checks = { rejectUnauthorized: false, verifyIdentity: false };
const BY_CA: Checks = { rejectUnauthorized: true, verifyIdentity: false };
const BY_CA_AND_NAME: Checks = { rejectUnauthorized: true, verifyIdentity: true };

/** Names of parameters and values in the URL of one kind of database. */
interface Words {
  port: number;
  /** The parameter that selects how to check the server's certificate. */
  mode: string;
  modes: Readonly<Record<string, Checks | undefined>>;
  off: string;
  /** The default mode if a certificate file is given. */
  full: string;
  files: Readonly<Record<'ca' | 'cert' | 'key', string>>;
  others: readonly string[];
}

/** @see MySQL Reference Manual, "Connecting to the Server Using URI-Like Strings" */
const MYSQL: Words = {
  port: 3306,
  mode: 'ssl-mode',
  modes: { DISABLED: undefined, REQUIRED: NOT_CHECKED, VERIFY_CA: BY_CA, VERIFY_IDENTITY: BY_CA_AND_NAME },
  off: 'DISABLED',
  full: 'VERIFY_IDENTITY',
  files: { ca: 'ssl-ca', cert: 'ssl-cert', key: 'ssl-key' },
  others: ['ssl', 'socketPath', 'charset'],
};

/** @see PostgreSQL documentation, "Connection URIs" and "SSL Support" */
const POSTGRES: Words = {
  port: 5432,
  mode: 'sslmode',
  modes: { disable: undefined, require: NOT_CHECKED, 'verify-ca': BY_CA, 'verify-full': BY_CA_AND_NAME },
  off: 'disable',
  full: 'verify-full',
  files: { ca: 'sslrootcert', cert: 'sslcert', key: 'sslkey' },
  others: ['ssl', 'host', 'schema'],
};

/**
 * Reads `mariadb://…` or `mysql://…`. Rejects unknown parameters instead of ignoring them.
 *
 * @throws Error that names the setting
 */
export function connectionOf(databaseUrl: string): Connection {
  const { connection, parameters, ssl } = read(databaseUrl, MYSQL);
  if ((parameters.get('charset') ?? 'utf8mb4') !== 'utf8mb4') throw invalid('charset can only be utf8mb4');
  // The driver compares the certificate with 'localhost' then, whatever the address is.
  if (ssl?.verifyIdentity && isIP(connection.host) !== 0)
    throw invalid('a certificate can only be compared with a host name: give one, or set ssl-mode=VERIFY_CA');
  const socketPath = parameters.get('socketPath');
  return { ...connection, ...(socketPath !== undefined && { socketPath }), ...(ssl && { ssl }) };
}

/**
 * Reads `postgres://…`. The parameter `host` is the folder of a socket.
 *
 * @throws Error that names the setting
 */
export function postgresConnectionOf(databaseUrl: string): PostgresConnection {
  const { connection, parameters, ssl } = read(databaseUrl, POSTGRES);
  const [socket, schema] = [parameters.get('host'), parameters.get('schema')];
  return {
    ...connection,
    ...(socket !== undefined && { host: socket }),
    ...(schema !== undefined && { schema }),
    ...(ssl && { ssl: asPostgresTakes(ssl) }),
  };
}

/** Converts the TLS options for PostgreSQL, whose driver always checks the name along with the certificate. */
const asPostgresTakes = ({ verifyIdentity, ...tls }: Tls): PostgresTls => ({
  ...tls,
  ...(tls.rejectUnauthorized && !verifyIdentity && { checkServerIdentity: () => undefined }),
});

function read(databaseUrl: string, words: Words) {
  const url = new URL(databaseUrl);
  const parameters: ReadonlyMap<string, string> = new Map(url.searchParams);
  const known = [words.mode, ...Object.values(words.files), ...words.others];
  const names = [...url.searchParams.keys()];
  const unknown = names.find((name, i) => !known.includes(name) || names.indexOf(name) !== i);
  if (unknown !== undefined)
    throw invalid(`the parameter ${unknown} is unknown or occurs twice; known: ${known.join(', ')}`);
  const connection = {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || words.port),
    username: decoded(url.username, 'user'),
    password: decoded(url.password, 'password'),
    database: decoded(url.pathname.slice(1), 'database name'),
  };
  return { connection, parameters, ssl: tlsOf(parameters, words) };
}

const SWITCH: Readonly<Record<string, 'full' | 'off'>> = { true: 'full', '1': 'full', false: 'off', '0': 'off' };

function tlsOf(parameters: ReadonlyMap<string, string>, words: Words): Tls | undefined {
  const given = Object.entries(words.files).flatMap(([name, parameter]) => {
    const file = parameters.get(parameter);
    return file === undefined ? [] : [{ name, parameter, file }];
  });
  const isOn = parameters.get('ssl');
  const usual = isOn === undefined ? (given.length > 0 ? 'full' : 'off') : SWITCH[isOn];
  if (usual === undefined) throw invalid('ssl must be true or false');
  const mode = parameters.get(words.mode) ?? words[usual];
  if (!(mode in words.modes)) throw invalid(`${words.mode} must be one of ${Object.keys(words.modes).join(', ')}`);
  if (isOn !== undefined && (usual === 'off') !== (mode === words.off))
    throw invalid(`ssl and ${words.mode} contradict each other`);
  const checks = words.modes[mode];
  const { ca, cert, key } = words.files;
  if (!checks && given.length > 0) throw invalid(`${ca}, ${cert} and ${key} need ssl=true`);
  const files = given.map(({ name, parameter, file }) => [name, textOf(file, parameter)] as const);
  return checks && { ...checks, ...Object.fromEntries(files) };
}

function textOf(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw invalid(`cannot read the file in ${name}: ${(cause as Error).message}`, cause);
  }
}

function decoded(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw invalid(`the ${what} contains an invalid percent-encoding: write % as %25`, cause);
  }
}

const invalid = (what: string, cause?: unknown): Error => new Error(`DATABASE_URL: ${what}`, { cause });
