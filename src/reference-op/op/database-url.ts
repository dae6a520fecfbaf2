import { readFileSync } from 'node:fs';

/** How the connection is protected, as mysql2 takes it. */
interface Tls {
  rejectUnauthorized: boolean;
  /** Whether the certificate must be one of the host. */
  verifyIdentity: boolean;
  ca?: string;
  cert?: string;
  key?: string;
}

/** What a `DATABASE_URL` says of MariaDB or MySQL, as the driver takes it. */
export interface Connection {
  host: string;
  port: number;
  username: string;
  password: string;
  database: string;
  ssl?: Tls;
  socketPath?: string;
}

/** Degrees of checking the server's certificate, by `ssl-mode`. */
const MODES: Readonly<Record<string, Pick<Tls, 'rejectUnauthorized' | 'verifyIdentity'> | undefined>> = {
  DISABLED: undefined,
  REQUIRED: { rejectUnauthorized: false, verifyIdentity: false },
  VERIFY_CA: { rejectUnauthorized: true, verifyIdentity: false },
  VERIFY_IDENTITY: { rejectUnauthorized: true, verifyIdentity: true },
};

const SWITCH: Readonly<Record<string, string>> = {
  true: 'VERIFY_IDENTITY',
  '1': 'VERIFY_IDENTITY',
  false: 'DISABLED',
  '0': 'DISABLED',
};

const KNOWN = ['ssl', 'ssl-mode', 'ssl-ca', 'ssl-cert', 'ssl-key', 'socketPath', 'charset'];

/**
 * Reads `mariadb://…` or `mysql://…`. Nothing that it says is left out: what is not known is refused by its name.
 *
 * @throws Error that names the setting
 */
export function connectionOf(databaseUrl: string): Connection {
  const url = new URL(databaseUrl);
  const parameters = new Map(url.searchParams);
  const names = [...url.searchParams.keys()];
  const unknown = names.find((name, i) => !KNOWN.includes(name) || names.indexOf(name) !== i);
  if (unknown !== undefined)
    throw fault(`the parameter ${unknown} is not known or occurs twice; known: ${KNOWN.join(', ')}`);
  if ((parameters.get('charset') ?? 'utf8mb4') !== 'utf8mb4') throw fault('charset can only be utf8mb4');
  const socketPath = parameters.get('socketPath');
  const ssl = tlsOf(parameters);
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || 3306),
    username: decoded(url.username, 'user'),
    password: decoded(url.password, 'password'),
    database: decoded(url.pathname.slice(1), 'database name'),
    ...(socketPath !== undefined && { socketPath }),
    ...(ssl && { ssl }),
  };
}

function tlsOf(parameters: ReadonlyMap<string, string>): Tls | undefined {
  const files = { ca: parameters.get('ssl-ca'), cert: parameters.get('ssl-cert'), key: parameters.get('ssl-key') };
  const given = Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const isOn = parameters.get('ssl');
  const usual = isOn === undefined ? (given.length > 0 ? 'VERIFY_IDENTITY' : 'DISABLED') : SWITCH[isOn];
  const mode = parameters.get('ssl-mode') ?? usual;
  if (usual === undefined) throw fault('ssl must be true or false');
  if (mode === undefined || !(mode in MODES)) throw fault(`ssl-mode must be one of ${Object.keys(MODES).join(', ')}`);
  if (isOn !== undefined && (usual === 'DISABLED') !== (mode === 'DISABLED'))
    throw fault('ssl and ssl-mode contradict each other');
  const checks = MODES[mode];
  if (!checks && given.length > 0) throw fault('ssl-ca, ssl-cert and ssl-key need ssl=true');
  return (
    checks && { ...checks, ...Object.fromEntries(given.map(([name, file]) => [name, textOf(file, `ssl-${name}`)])) }
  );
}

function textOf(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw fault(`the file of ${name} cannot be read: ${(cause as Error).message}`, cause);
  }
}

function decoded(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw fault(`the ${what} has a % that encodes nothing: write it as %25`, cause);
  }
}

const fault = (what: string, cause?: unknown): Error => new Error(`DATABASE_URL: ${what}`, { cause });
