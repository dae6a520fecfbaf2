import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts what holds an id that works as a credential, with a key that is not in the database. */
export class Sealer {
  /** @param key 32 bytes. @throws TypeError otherwise */
  constructor(private readonly key: Uint8Array) {
    if (key.length !== 32) throw new TypeError('the storage key must have 32 bytes');
  }

  /** @param row key of the row it is kept in: a value moved to another row does not open */
  seal(text: string, row: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, iv).setAAD(Buffer.from(row));
    const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return sealed.toString('base64url');
  }

  /** @throws Error when it was not sealed with this key for this row */
  open(sealed: string, row: string): string {
    const bytes = Buffer.from(sealed, 'base64url');
    const iv = bytes.subarray(0, IV_BYTES);
    const decipher = createDecipheriv(ALGORITHM, this.key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(row));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  }

  /** Keyed hash of a value with little entropy, e.g. a user code: a stolen dump cannot be searched for it. */
  hash(value: string): string {
    return createHmac('sha256', this.key).update(value).digest('hex');
  }
}
