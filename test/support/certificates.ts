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
const DAY_MS = 86_400_000;

/** A certificate and its private key, both in PEM. */
export interface Certificate {
  certificate: string;
  key: string;
}

/** A certificate signed by itself. */
export const selfSigned = (name: string): Promise<Certificate> => made(name, [new BasicConstraintsExtension(true)]);

/** A certificate authority of our own. */
export const authority = (): Promise<Certificate> => selfSigned('test authority');

/** A server's certificate for these names and addresses, e.g. `DNS:localhost` and `IP:127.0.0.1`. */
export function signedBy(ca: Certificate, ...names: string[]): Promise<Certificate> {
  const alternatives = names.map((name): JsonGeneralName => {
    const [type = '', value = ''] = name.split(/:(.*)/s);
    return { type: type.toLowerCase() as 'dns' | 'ip', value };
  });
  const extensions = [
    new SubjectAlternativeNameExtension(alternatives),
    new BasicConstraintsExtension(false, undefined, true),
  ];
  return made('test server', extensions, ca);
}

async function made(name: string, extensions: Extension[], ca?: Certificate): Promise<Certificate> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(RSA, true, ['sign', 'verify']);
  const subject = `CN=${name}`;
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: ca ? new X509Certificate(ca.certificate).subject : subject,
    publicKey,
    signingKey: ca ? await keyOf(ca) : privateKey,
    signingAlgorithm: RSA,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
    extensions,
  });
  const key = KeyObject.from(privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { key, certificate: `${certificate.toString('pem')}\n` };
}

const keyOf = ({ key }: Certificate): ReturnType<typeof crypto.subtle.importKey> =>
  crypto.subtle.importKey('pkcs8', createPrivateKey(key).export({ type: 'pkcs8', format: 'der' }), RSA, false, [
    'sign',
  ]);
