/** Injection token of {@link DemoOptions}. */
export const DEMO_OPTIONS = Symbol('DEMO_OPTIONS');

/** Where the demo page finds the provider. */
export interface DemoOptions {
  /** Issuer identifier; the page lives below it. */
  issuer: string;
  /** Address of the revocation endpoint. */
  endpoint: string;
}
