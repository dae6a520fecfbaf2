import type { Site } from '../pages/site.js';

/** Injection token of {@link DemoOptions}. */
export const DEMO_OPTIONS = Symbol('DEMO_OPTIONS');

/** Where the demo page finds the provider, whose issuer identifier is the start of its own address. */
export interface DemoOptions extends Site {
  /** Address of the revocation endpoint. */
  endpoint: string;
}
