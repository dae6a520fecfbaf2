import { createCipheriv, createDecipheriv, createHmac, randomFillSync } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Random bytes for several encryptions: drawing them takes longer than encrypting. */
const pool = Buffer.alloc(IV_BYTES * 256);
let used = pool.length;

/** Returns an initialization vector that was never used before. @see NIST SP 800-38D */
function nextIv(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += IV_BYTES;
  return pool.subarray(used - IV_BYTES, used);
}

/** A key of 32 bytes, or several during a rotation; the first encrypts. @publicApi */
export type StorageKey = Uint8Array | readonly Uint8Array[];

/** Encrypts what others must not read or forge, with a key that is not in the database. */
export class Sealer {
  private readonly keys: readonly Uint8Array[];

  /** @param key one key or several. @throws TypeError if there is none, or one does not have 32 bytes */
  constructor(key: StorageKey) {
    this.keys = key instanceof Uint8Array ? [key] : [...key];
    const isUsable = this.keys.length > 0 && this.keys.every(({ length }) => length === 32);
    if (!isUsable) throw new TypeError('the storage key must have 32 bytes');
  }

  /** Encrypts text. @param row key of its row; the text cannot be decrypted in another row */
  seal(text: string, row: string): string {
    const iv = nextIv();
    const cipher = createCipheriv(ALGORITHM, this.keys[0]!, iv).setAAD(Buffer.from(row));
    const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return sealed.toString('base64url');
  }

  /** Decrypts text. @throws Error if none of the keys encrypted it for this row */
  open(sealed: string, row: string): string {
    const bytes = Buffer.from(sealed, 'base64url');
    for (const key of this.keys.slice(0, -1)) {
      try {
        return openWith(key, bytes, row);
      } catch {
        // encrypted with another key
      }
    }
    return openWith(this.keys.at(-1)!, bytes, row);
  }

  /**
   * Returns keyed hashes of a short value such as a user code, one per key, so that a stolen dump cannot be searched.
   * The first belongs to the current key.
   */
  hashes(value: string): [newest: string, ...older: string[]] {
    const [newest, ...older] = this.keys.map((key) => createHmac('sha256', key).update(value).digest('hex'));
    return [newest!, ...older];
  }
}

function openWith(key: Uint8Array, bytes: Buffer, row: string): string {
  const iv = bytes.subarray(0, IV_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(row));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
  return Buffer.concat([text, decipher.final()]).toString('utf8');
}
