import 'reflect-metadata';
import { createPrivateKey, KeyObject } from 'node:crypto';
import {
  BasicConstraintsExtension,
  type Extension,
  type JsonGeneralName,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: Uint8Array.of(1, 0, 1), modulusLength: 2048 };
/** Takes a fraction of the time, for keys and for handshakes. */
const EC = { name: 'ECDSA', hash: 'SHA-256', namedCurve: 'P-256' };
const DAY_MS = 86_400_000;

/** A certificate and its private key, both in PEM. */
export interface Certificate {
  certificate: string;
  key: string;
}

const root = (): Extension[] => [new BasicConstraintsExtension(true)];

/** A certificate with an RSA key, signed by itself. */
export const selfSigned = (name: string): Promise<Certificate> => made(name, root(), RSA);

/** A certificate authority of our own. */
export const authority = (): Promise<Certificate> => made('test authority', root(), EC);

/** A server's certificate of an {@link authority} for these names and addresses, e.g. `DNS:localhost` and `IP:127.0.0.1`. */
export function signedBy(ca: Certificate, ...names: string[]): Promise<Certificate> {
  const alternatives = names.map((name): JsonGeneralName => {
    const [type = '', value = ''] = name.split(/:(.*)/s);
    return { type: type.toLowerCase() as 'dns' | 'ip', value };
  });
  const extensions = [
    new SubjectAlternativeNameExtension(alternatives),
    new BasicConstraintsExtension(false, undefined, true),
  ];
  return made('test server', extensions, EC, ca);
}

async function made(
  name: string,
  extensions: Extension[],
  algorithm: typeof RSA | typeof EC,
  ca?: Certificate,
): Promise<Certificate> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const subject = `CN=${name}`;
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: ca ? new X509Certificate(ca.certificate).subject : subject,
    publicKey,
    signingKey: ca ? await keyOf(ca) : privateKey,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
    extensions,
  });
  const key = KeyObject.from(privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { key, certificate: `${certificate.toString('pem')}\n` };
}

const keyOf = ({ key }: Certificate): ReturnType<typeof crypto.subtle.importKey> =>
  crypto.subtle.importKey('pkcs8', createPrivateKey(key).export({ type: 'pkcs8', format: 'der' }), EC, false, ['sign']);
