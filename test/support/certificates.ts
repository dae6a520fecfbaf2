import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';

const openssl = (args: string[]) => promisify(execFile)('openssl', args);

/** A certificate and its private key, both in PEM. */
export interface Certificate {
  certificate: string;
  key: string;
}

/** A certificate signed by itself, made with the `openssl` command. */
export async function selfSigned(name: string, more: readonly string[] = []): Promise<Certificate> {
  const [key, out] = await files('key.pem', 'certificate.pem');
  await openssl([
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`],
    ...['-keyout', key, '-out', out, ...more],
  ]);
  return { key: await readFile(key, 'utf8'), certificate: await readFile(out, 'utf8') };
}

/** A certificate authority of our own. */
export const authority = (): Promise<Certificate> => selfSigned('test authority');

/** A server's certificate for these names and addresses, e.g. `DNS:localhost` and `IP:127.0.0.1`. */
export async function signedBy(ca: Certificate, ...names: string[]): Promise<Certificate> {
  const [caKey, caFile, key, out] = await files('ca-key.pem', 'ca.pem', 'key.pem', 'certificate.pem');
  await writeFile(caKey, ca.key);
  await writeFile(caFile, ca.certificate);
  await openssl([
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=test server'],
    ...['-CA', caFile, '-CAkey', caKey, '-addext', `subjectAltName=${names.join(',')}`],
    ...['-addext', 'basicConstraints=critical,CA:FALSE', '-keyout', key, '-out', out],
  ]);
  return { key: await readFile(key, 'utf8'), certificate: await readFile(out, 'utf8') };
}

async function files<N extends string[]>(...names: N): Promise<{ [I in keyof N]: string }> {
  const dir = await mkdtemp(join(inject('tempDir'), 'certificate-'));
  return names.map((name) => join(dir, name)) as { [I in keyof N]: string };
}
