import {
  exportJWK,
  generateKeyPair,
  type GenerateKeyPairResult,
  importJWK,
  importPKCS8,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';

/** Whoever signs assertions: one key pair. */
export class Signer {
  private constructor(
    private readonly pair: GenerateKeyPairResult,
    /** As it stands in a JWKS. */
    readonly jwk: JWK & { kid: string; alg: string },
  ) {}

  static async create(kid = 'key-1', alg = 'ES256'): Promise<Signer> {
    const pair = await generateKeyPair(alg, { extractable: true });
    return new Signer(pair, { ...(await exportJWK(pair.publicKey)), kid, alg });
  }

  /** The RSA key of a certificate. */
  static async of(privateKeyPem: string): Promise<Signer> {
    const privateKey = await importPKCS8(privateKeyPem, 'RS256', { extractable: true });
    const { n, e } = await exportJWK(privateKey);
    const jwk = { kty: 'RSA', n: n!, e: e!, kid: 'key-1', alg: 'RS256' };
    return new Signer({ privateKey, publicKey: (await importJWK(jwk)) as GenerateKeyPairResult['publicKey'] }, jwk);
  }

  get jwks(): { keys: JWK[] } {
    return { keys: [this.jwk] };
  }

  /** What must not be shown. */
  privateJwk(): Promise<JWK> {
    return exportJWK(this.pair.privateKey);
  }

  get privateKey(): GenerateKeyPairResult['privateKey'] {
    return this.pair.privateKey;
  }

  get publicKey(): GenerateKeyPairResult['publicKey'] {
    return this.pair.publicKey;
  }

  /** Members that are undefined are left out. */
  sign(claims: JWTPayload, header: Record<string, unknown> = {}): Promise<string> {
    const { alg, kid } = this.jwk;
    return new SignJWT(defined(claims)).setProtectedHeader(defined({ alg, kid, ...header })).sign(this.privateKey);
  }
}

/** A compact JWS of whatever parts. */
export const compact = (header: unknown, claims: unknown, signature = ''): string =>
  [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.') + `.${signature}`;

const defined = <T extends object>(members: T) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T & { alg: string };
