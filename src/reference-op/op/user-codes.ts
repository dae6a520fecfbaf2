import type Provider from 'oidc-provider';
import type { OidcAdapters } from 'nestjs-global-revocation/oidc-provider';

type DeviceCode = InstanceType<Provider['DeviceCode']>;

/** A user code is taken while a sign-in with it is open. One whose sign-in has ended is given back. */
export class UserCodes {
  constructor(private readonly adapters: OidcAdapters) {}

  /**
   * Gives back the code of a sign-in that has ended.
   *
   * @param description of the error that the library may have ended the code with, for want of that sign-in
   * @returns false when the code has been used, refused or has expired
   */
  async giveBack(code: DeviceCode | undefined, description?: string): Promise<boolean> {
    const isOpen = code?.isValid && !code.accountId && (!code.error || code.errorDescription === description);
    if (!isOpen) return false;
    Object.assign(code, { inFlight: undefined, error: undefined, errorDescription: undefined });
    await code.save();
    return true;
  }

  /** Gives back a code that somebody typed, unless a sign-in with it is open. */
  async giveBackTyped(provider: Provider, typed: string): Promise<boolean> {
    const code = await provider.DeviceCode.findByUserCode(typed.toUpperCase().replaceAll(/\W/g, ''));
    if (!code?.inFlight || (await this.adapters('Interaction').findByUid(code.jti))) return false;
    return this.giveBack(code);
  }
}
