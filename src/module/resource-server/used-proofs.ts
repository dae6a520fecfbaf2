import type { DpopProof } from '../caller/access-token/dpop-proof.js';

/** Maximum number of proofs that are remembered; the oldest is dropped. */
const PROOFS_MAX = 100_000;

/** DPoP proofs that this process has accepted, until they expire. @see RFC 9449 §11.1 */
export class UsedProofs {
  private readonly until = new Map<string, number>();

  /** Returns false for a proof that was used before. */
  use({ jti, thumbprint, expiresAt }: DpopProof): boolean {
    const key = `${thumbprint} ${jti}`;
    if ((this.until.get(key) ?? 0) > Date.now()) return false;
    for (const [oldest, end] of this.until) {
      if (end > Date.now() && this.until.size < PROOFS_MAX) break;
      this.until.delete(oldest);
    }
    this.until.set(key, expiresAt);
    return true;
  }
}
