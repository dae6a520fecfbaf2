import type Provider from 'oidc-provider';
import type { OidcAdapters } from 'nestjs-global-revocation/oidc-provider';

type DeviceCode = InstanceType<Provider['DeviceCode']>;

/** Releases user codes. A code is in use while a sign-in with it is open. */
export class UserCodes {
  constructor(private readonly adapters: OidcAdapters) {}

  /**
   * Releases the code of a sign-in that has ended.
   *
   * @param description of the error that the library may have stored in the code, because that sign-in was missing
   * @returns false if the code has been used or denied, or has expired
   */
  async giveBack(code: DeviceCode | undefined, description?: string): Promise<boolean> {
    const isOpen = code?.isValid && !code.accountId && (!code.error || code.errorDescription === description);
    if (!isOpen) return false;
    Object.assign(code, { inFlight: undefined, error: undefined, errorDescription: undefined });
    await code.save();
    return true;
  }

  /** Releases a code that a person typed, unless a sign-in with it is open. */
  async giveBackTyped(provider: Provider, typed: string): Promise<boolean> {
    const code = await provider.DeviceCode.findByUserCode(typed.toUpperCase().replaceAll(/\W/g, ''));
    if (!code?.inFlight || (await this.adapters('Interaction').findByUid(code.jti))) return false;
    return this.giveBack(code);
  }
}
